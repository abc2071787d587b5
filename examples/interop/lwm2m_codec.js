// Runs lwm2m-codec: a JSON list of [verb, format, path, value or octets in hexadecimal] on standard input, what came of
// each on standard output. Names of resources become their numbers again.
'use strict';
const codec = require('lwm2m-codec');
const id = require('lwm2m-id');

function numbered(path, value) {
  const object = path.split('/')[1];
  if (value === null || typeof value !== 'object') return value;
  const number = name => { const found = id.getRid(object, name); return found ? found.value : name; };
  return Object.fromEntries(Object.entries(value).map(([name, below]) => [number(name), below]));
}

function run([verb, format, path, value]) {
  if (verb === 'encode') return Buffer.from(codec.encode(format, path, value)).toString('hex');
  return numbered(path, codec.decode(format, path, Buffer.from(value, 'hex')));
}

const jobs = JSON.parse(require('fs').readFileSync(0, 'utf8'));
process.stdout.write(JSON.stringify(jobs.map(job => {
  try { return { is: run(job) }; } catch (error) { return { error: String(error) }; }
})));
