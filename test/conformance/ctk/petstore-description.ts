/*
 * The pet store described in the words of Swagger 2.0: as much of it as its two operations that the
 * conformance kit calls need, with what real descriptions have, too: references, a base path, a list
 * parameter, security schemes.
 */

/** `host` is where the store answers. */
export function petstoreDescription(host: string): object {
  return {
    swagger: '2.0',
    info: { title: 'A pet store', version: '1.0.0' },
    host,
    basePath: '/v2',
    schemes: ['http'],
    produces: ['application/json'],
    paths: {
      '/pet/findByStatus': {
        get: {
          operationId: 'findPetsByStatus',
          parameters: [
            {
              name: 'status',
              in: 'query',
              required: true,
              type: 'array',
              items: { type: 'string', enum: ['available', 'pending', 'sold'] },
              collectionFormat: 'multi',
            },
          ],
          responses: {
            200: {
              description: 'pets',
              schema: { type: 'array', items: { $ref: '#/definitions/Pet' } },
            },
          },
          security: [{ login: ['read:pets'] }],
        },
      },
      '/pet/{petId}': {
        parameters: [{ $ref: '#/parameters/petId' }],
        get: {
          operationId: 'getPetById',
          responses: {
            200: { description: 'the pet', schema: { $ref: '#/definitions/Pet' } },
            404: { description: 'there is no such pet' },
          },
          security: [{ key: [] }],
        },
      },
    },
    parameters: {
      petId: { name: 'petId', in: 'path', required: true, type: 'integer', format: 'int64' },
    },
    securityDefinitions: {
      key: { type: 'apiKey', name: 'api_key', in: 'header' },
      login: {
        type: 'oauth2',
        flow: 'implicit',
        authorizationUrl: `http://${host}/oauth/authorize`,
        scopes: { 'read:pets': 'read' },
      },
    },
    definitions: {
      Pet: {
        type: 'object',
        required: ['name'],
        properties: {
          id: { type: 'integer', format: 'int64' },
          name: { type: 'string' },
          status: { type: 'string' },
        },
      },
    },
  };
}
