// node eng/onnxruntime-run.js MODEL.onnx [--threads N] < requests
//
// Runs a model with ONNX Runtime on the CPU. Reads one JSON request a line and answers each with one JSON line:
//   {"input": "x.npy", "output": "y.npy"}          -> {"shape": [...], "milliseconds": [t]}
//   {"bench": {"input": "x.npy", "runs": 20}}      -> {"shape": [...], "milliseconds": [t, ...]}   one time a run
//   {"load": {"input": "x.npy", "runs": 20}}       -> the same, each time with a new session from the model's file
// A request that cannot be answered gives {"error": "..."}. Arrays are float32 NumPy files. ONNX Runtime is the one
// that eng/setup-peers installs; the variable ONNXRUNTIME_NODE names another folder of the package.
'use strict';
const fs = require('fs');
const path = require('path');
const readline = require('readline');

function loadRuntime() {
  const installed = path.join(__dirname, '..', 'artifacts', 'peers', 'node_modules', 'onnxruntime-node');
  const folder = process.env.ONNXRUNTIME_NODE || installed;
  if (!fs.existsSync(folder)) throw new Error(`no ONNX Runtime at ${folder}; run eng/setup-peers`);
  return require(path.resolve(folder));
}

function parseArguments(words) {
  const [model, option, count, ...rest] = words;
  const threads = option === undefined ? 1 : Number(count);
  const known = (option === undefined || option === '--threads') && rest.length === 0;
  if (!model || !known || !Number.isInteger(threads) || threads < 1) {
    throw new Error('usage: node eng/onnxruntime-run.js MODEL.onnx [--threads N] < requests');
  }
  return { model, threads };
}

/** Reads a float32 NumPy file of format version 1 to 3. */
function readNpy(file) {
  const bytes = fs.readFileSync(file);
  if (bytes.length < 12 || bytes.toString('latin1', 1, 6) !== 'NUMPY') throw new Error(`${file} is no NumPy file`);
  const wide = bytes[6] > 1;
  const start = (wide ? 12 : 10) + (wide ? bytes.readUInt32LE(8) : bytes.readUInt16LE(8));
  const header = bytes.toString('latin1', 10, start);
  const shape = /'shape': \(([^)]*)\)/.exec(header);
  if (!shape || !header.includes("'<f4'") || !header.includes("'fortran_order': False")) {
    throw new Error(`${file} is not float32 in row-major order: ${header.trim()}`);
  }
  const dims = shape[1].split(',').filter((axis) => axis.trim()).map(Number);
  const data = new Float32Array(bytes.buffer.slice(bytes.byteOffset + start, bytes.byteOffset + bytes.length));
  return { dims, data };
}

/** Writes a float32 NumPy file of format version 1. */
function writeNpy(file, dims, data) {
  const shape = dims.length === 1 ? `${dims[0]},` : dims.join(', ');
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape}), }`;
  const header = text.padEnd(Math.ceil((text.length + 11) / 64) * 64 - 11) + '\n';
  const start = Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, header.length & 255, header.length >> 8]);
  const values = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  fs.writeFileSync(file, Buffer.concat([start, Buffer.from(header, 'latin1'), values]));
}

class Engine {
  static async load({ model, threads }, runtime = loadRuntime()) {
    const session = await runtime.InferenceSession.create(model, {
      executionProviders: ['cpu'],
      graphOptimizationLevel: 'all',
      executionMode: 'sequential',
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
    });
    return new Engine(runtime, session, { model, threads });
  }

  constructor(runtime, session, options) {
    this.runtime = runtime;
    this.session = session;
    this.options = options;
  }

  async answer(request) {
    const { input, runs = 1 } = request.bench ?? request.load ?? request;
    if (!input || !Number.isInteger(runs) || runs < 1) throw new Error('expected an input, and runs of at least 1');
    const images = readNpy(input);
    const { output, milliseconds } = await (request.load ? this.reload(images, runs) : this.run(images, runs));
    if (request.output) writeNpy(request.output, output.dims, output.data);
    return { shape: output.dims, milliseconds };
  }

  async run({ dims, data }, runs) {
    const feeds = { [this.session.inputNames[0]]: new this.runtime.Tensor('float32', data, dims) };
    const milliseconds = [];
    let results;
    for (let i = 0; i < runs; i++) {
      const start = performance.now();
      results = await this.session.run(feeds);
      milliseconds.push(performance.now() - start);
    }
    return { output: results[this.session.outputNames[0]], milliseconds };
  }

  async reload(images, runs) {
    const milliseconds = [];
    let output;
    for (let i = 0; i < runs; i++) {
      const start = performance.now();
      const engine = await Engine.load(this.options, this.runtime);
      ({ output } = await engine.run(images, 1));
      milliseconds.push(performance.now() - start);
      await engine.session.release();
    }
    return { output, milliseconds };
  }
}

async function main() {
  const engine = await Engine.load(parseArguments(process.argv.slice(2)));
  for await (const line of readline.createInterface({ input: process.stdin })) {
    if (!line.trim()) continue;
    const answer = await Promise.resolve(line).then(JSON.parse).then((request) => engine.answer(request))
      .catch((fault) => ({ error: fault.message }));
    process.stdout.write(JSON.stringify(answer) + '\n');
  }
}

module.exports = { Engine, readNpy, writeNpy };

if (require.main === module) {
  main().catch((fault) => {
    process.stderr.write(`onnxruntime-run: ${fault.message}\n`);
    process.exitCode = 1;
  });
}
