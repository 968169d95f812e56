/* A POST of JSON over connections that are kept, for engines that are called through HTTP. */
import http from 'node:http';

const agent = new http.Agent({ keepAlive: true, maxSockets: 1_024 });

export function post(port, path, body) {
  const text = JSON.stringify(body);
  return new Promise((done, failed) => {
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
    };
    const request = http.request(
      { host: '127.0.0.1', port, path, method: 'POST', agent, headers },
      (answer) => {
        let said = '';
        answer.setEncoding('utf8');
        answer.on('data', (part) => (said += part));
        answer.on('end', () => {
          if (answer.statusCode < 300) done(said);
          else failed(new Error(`${answer.statusCode} ${said}`));
        });
      },
    );
    request.on('error', failed);
    request.end(text);
  });
}
