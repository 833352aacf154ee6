// node eng/onnxruntime-memory.js MODEL.onnx THREADS N,C,H,W RUNS
//
// Runs a batch with ONNX Runtime on the CPU, so that the program that started this can read how much memory it takes.
// Prints "ready" when only the images are there and ONNX Runtime is not, "done" after the last run, and waits for a line
// after each.
'use strict';
const readline = require('readline');
const { Engine } = require('./onnxruntime-run.js');

async function main([model, threads, shape, runs]) {
  const lines = readline.createInterface({ input: process.stdin })[Symbol.asyncIterator]();
  const say = (word) => {
    process.stdout.write(`${word}\n`);
    return lines.next();
  };
  const dims = shape.split(',').map(Number);
  const data = new Float32Array(dims.reduce((product, axis) => product * axis)).fill(0.5);
  await say('ready');
  const engine = await Engine.load({ model, threads: Number(threads) });
  await engine.run({ dims, data }, Number(runs));
  await say('done');
}

main(process.argv.slice(2)).catch((fault) => {
  process.stderr.write(`onnxruntime-memory: ${fault.message}\n`);
  process.exitCode = 1;
}).finally(() => process.stdin.destroy());
