// node eng/tflite-run.js MODEL.tflite x.npy y.npy...
//
// Runs a model once with TensorFlow Lite's own runtime, compiled to WebAssembly, and writes its outputs in the model's
// order. Arrays are float32 NumPy files, images [1, H, W, C]. The runtime is the one that eng/setup-peers installs.
'use strict';
const fs = require('fs');
const path = require('path');
const vm = require('vm');
const { readNpy, writeNpy } = require('./onnxruntime-run.js');

const folder = path.join(__dirname, '..', 'artifacts', 'peers', 'node_modules', '@tensorflow', 'tfjs-tflite', 'wasm');

/** The package is made for browsers: its loader is a script that looks for a window, and would fetch its binary. */
async function loadRuntime() {
  const script = path.join(folder, 'tflite_web_api_cc.js');
  if (!fs.existsSync(script)) throw new Error(`no TensorFlow Lite at ${folder}; run eng/setup-peers`);
  Object.assign(globalThis, { window: globalThis, self: globalThis, location: { href: '' } });
  vm.runInThisContext(fs.readFileSync(script, 'utf8'), { filename: script });
  const wasmBinary = fs.readFileSync(path.join(folder, 'tflite_web_api_cc.wasm'));
  return tflite_web_api_ModuleFactory({ wasmBinary, print: () => {}, printErr: console.error });
}

function open(runtime, model) {
  const bytes = fs.readFileSync(model);
  const place = runtime._malloc(bytes.length);
  runtime.HEAPU8.set(bytes, place);
  const options = { numThreads: 1, enableProfiling: false, maxProfilingBufferEntries: 0 };
  const opened = runtime.TFLiteWebModelRunner.CreateFromBufferAndOptions(place, bytes.length, options);
  if (!opened.ok()) throw new Error(opened.errorMessage());
  return opened.value();
}

const list = (vector) => Array.from({ length: vector.size() }, (_, i) => vector.get(i));

async function main([model, input, ...outputs]) {
  const runner = open(await loadRuntime(), model);
  list(runner.GetInputs())[0].data().set(readNpy(input).data);
  if (!runner.Infer()) throw new Error('the run failed');
  list(runner.GetOutputs()).forEach((output, i) =>
    writeNpy(outputs[i], output.shape.split(',').map(Number), output.data().slice()));
}

main(process.argv.slice(2)).catch((fault) => {
  process.stderr.write(`tflite-run: ${fault.message}\n`);
  process.exitCode = 1;
});
