#!/usr/bin/env node
'use strict';
/*
 * The one door. It makes sure that the process runs on a supported Node and, in a source checkout,
 * that the dependencies are installed; then it hands over. CommonJS on purpose, in syntax that any
 * Node since 12 can read, so that an old Node gets help and not a syntax error.
 *
 *   node src/cli/launch.cjs [--from-source] [--script FILE.ts] ARGS...
 */
const { spawnSync, spawn } = require('node:child_process');
const { existsSync, readFileSync } = require('node:fs');
const path = require('node:path');

const NODE_MAJOR = 24;
const root = path.join(__dirname, '..', '..');
const argv = process.argv.slice(2);
const fromSource = argv[0] === '--from-source' && Boolean(argv.shift());
const script = argv[0] === '--script' ? argv.splice(0, 2)[1] : undefined;

/** True when node_modules holds what package-lock.json asks for. */
function installed() {
  const receipt = path.join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(receipt)) return false;
  const have = JSON.parse(readFileSync(receipt, 'utf8')).packages || {};
  const want =
    JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')).packages || {};
  return Object.keys(want).every(function (name) {
    if (name === '' || want[name].optional) return true;
    return have[name] !== undefined && have[name].version === want[name].version;
  });
}

function fail(message) {
  process.stderr.write('waybill: ' + message + '\n');
  process.exit(1);
}

const windows = process.platform === 'win32';

if (fromSource && !installed()) {
  process.stderr.write('waybill: installing the dependencies (npm ci) ...\n');
  const result = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: windows,
  });
  if (result.status !== 0) fail('npm ci failed; its messages are above.');
}

/** The path of a Node of the supported line: this one, or one that npx fetches once and caches. */
function supportedNode() {
  if (Number(process.versions.node.split('.')[0]) >= NODE_MAJOR) return process.execPath;
  const result = spawnSync('npx', ['-y', 'node@' + NODE_MAJOR, '-p', 'process.execPath'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: windows,
  });
  const found = (result.stdout || '').trim().split('\n').pop();
  if (result.status !== 0 || !found) {
    process.stderr.write(result.stderr || '');
    fail(
      'Node ' +
        NODE_MAJOR +
        ' or newer is needed (this is ' +
        process.version +
        '), and `npx -y node@' +
        NODE_MAJOR +
        '` could not fetch one.',
    );
  }
  return found;
}

const node = supportedNode();
const entry = script
  ? path.join(root, script)
  : path.join(__dirname, existsSync(path.join(__dirname, 'main.ts')) ? 'main.ts' : 'main.js');
const env = Object.assign({}, process.env, {
  // what we start by name (npm, tsc, vitest) must meet the same Node
  PATH: path.dirname(node) + path.delimiter + process.env.PATH,
});
if (node === process.execPath) {
  process.argv.splice(1, process.argv.length - 1, entry, ...argv);
  // Compiled code is kept between starts, in the system's folder for temporary files.
  const { enableCompileCache, runMain } = require('node:module');
  if (enableCompileCache) enableCompileCache();
  // As the main module, not as an import: scripts ask whether they are (import.meta.main).
  runMain();
} else {
  // The child leaves when this process is killed: the channel closes (see main.ts).
  const child = spawn(node, [entry, ...argv], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: env,
  });
  ['SIGINT', 'SIGTERM', 'SIGHUP'].forEach(function (signal) {
    process.on(signal, function () {
      child.kill(signal);
    });
  });
  child.on('exit', function (code, signal) {
    if (signal) process.kill(process.pid, signal);
    else process.exit(code === null ? 1 : code);
  });
}
