// node eng/tfjs-goldens.js
//
// Writes small TensorFlow.js models with formula-made weights, and what TensorFlow.js computes for them, into
// tests/Network/TensorFlow/Goldens. Needs, once:
//   npm install --prefix artifacts/tfjs --no-save @tensorflow/tfjs-core@4.22.0 @tensorflow/tfjs-layers@4.22.0 \
//     @tensorflow/tfjs-converter@4.22.0 @tensorflow/tfjs-backend-cpu@4.22.0
// Layers models are saved by TensorFlow.js; graph models, which only TensorFlow's converter writes, are put together
// here in its form. Arrays are float32 NumPy files, images [N, H, W, C].
'use strict';
const fs = require('fs');
const path = require('path');
const { writeNpy } = require('./onnxruntime-run.js');

const installed = path.join(__dirname, '..', 'artifacts', 'tfjs', 'node_modules', '@tensorflow');
const load = (name) => require(path.join(process.env.TFJS_PACKAGES || installed, name));
const tf = load('tfjs-core');
const layers = load('tfjs-layers');
const converter = load('tfjs-converter');
load('tfjs-backend-cpu');

const goldens = path.join(__dirname, '..', 'tests', 'Network', 'TensorFlow', 'Goldens');
const size = 32;

/** Numbers without a pattern that a fault could keep: sines of a growing angle. */
const formula = (count, seed, scale, offset = 0) =>
  Float32Array.from({ length: count }, (_, i) => offset + scale * Math.sin(0.7 * i + seed + 0.001 * i * i));

/** Packs floats as tensorflowjs_converter does. */
function pack(data, dtype) {
  if (dtype === 'float16') return { quantization: { dtype }, bytes: Buffer.from(toHalf(data).buffer) };
  const [min, max] = [Math.min(...data), Math.max(...data)];
  const steps = dtype === 'uint8' ? 255 : 65535;
  const scale = max > min ? (max - min) / steps : 1;
  const packed = (dtype === 'uint8' ? Uint8Array : Uint16Array).from(data, (x) => Math.round((x - min) / scale));
  return { quantization: { min, scale, dtype }, bytes: Buffer.from(packed.buffer) };
}

/** Cuts the mantissa; exponents outside float16's normal numbers do not occur here but for 0. */
function toHalf(data) {
  const bits = new Uint32Array(data.buffer);
  return Uint16Array.from(bits, (b) => {
    const exponent = ((b >>> 23) & 255) - 112;
    return ((b >>> 16) & 0x8000) | (exponent <= 0 ? 0 : (exponent << 10) | ((b >>> 13) & 1023));
  });
}

/** Writes model.json and shards of at most shardSize bytes. */
function writeModel(name, model, weights, { quantization, shardSize = 1 << 30, prefix = '' } = {}) {
  const folder = path.join(goldens, name);
  fs.mkdirSync(folder, { recursive: true });
  const specs = [];
  const parts = [];
  for (const { data, ...spec } of weights) {
    const packed = quantization && spec.dtype === 'float32' ? pack(data, quantization) : null;
    specs.push(packed ? { ...spec, quantization: packed.quantization } : spec);
    parts.push(packed ? packed.bytes : Buffer.from(data.buffer, data.byteOffset, data.byteLength));
  }
  const bytes = Buffer.concat(parts);
  const count = Math.ceil(bytes.length / shardSize);
  const paths = Array.from({ length: count }, (_, i) => `group1-shard${i + 1}of${count}.bin`);
  paths.forEach((file, i) =>
    fs.writeFileSync(path.join(folder, file), bytes.subarray(i * shardSize, (i + 1) * shardSize)));
  const weightsManifest = [{ paths: paths.map((file) => prefix + file), weights: specs }];
  const json = { ...model, weightsManifest };
  fs.writeFileSync(path.join(folder, 'model.json'), JSON.stringify(json, null, 1) + '\n');
  return { ...model, weightSpecs: specs, weightData: new Uint8Array(bytes).buffer };
}

async function writeLayers() {
  const seeded = (shape, seed, scale, offset) => tf.tensor(formula(shape.reduce((a, b) => a * b, 1), seed, scale, offset), shape);
  const bn = (name) => layers.layers.batchNormalization({ name, epsilon: 1e-3, momentum: 0.999 });
  const relu6 = (name) => layers.layers.reLU({ name, maxValue: 6 });
  const model = layers.sequential({
    layers: [
      layers.layers.zeroPadding2d({ name: 'conv1_pad', padding: [[0, 1], [0, 1]], inputShape: [16, 16, 3] }),
      layers.layers.conv2d({ name: 'conv1', filters: 4, kernelSize: 3, strides: 2, padding: 'valid', useBias: false }),
      bn('conv1_bn'),
      relu6('conv1_relu'),
      layers.layers.depthwiseConv2d({ name: 'conv_dw_1', kernelSize: 3, padding: 'same', useBias: false }),
      bn('conv_dw_1_bn'),
      relu6('conv_dw_1_relu'),
      layers.layers.globalAveragePooling2d({ name: 'pool', dataFormat: 'channelsLast' }),
      layers.layers.dense({ name: 'predictions', units: 5, activation: 'softmax' }),
    ],
  });
  model.setWeights(model.getWeights().map((w, i) => seeded(w.shape, i, 0.3, w.rank === 1 ? 1 : 0)));
  let saved;
  await model.save({ save: async (artifacts) => ((saved = artifacts), { modelArtifactsInfo: {} }) });
  const all = Buffer.from(saved.weightData);
  let at = 0;
  const weights = saved.weightSpecs.map((spec) => {
    const count = spec.shape.reduce((a, b) => a * b, 1);
    const data = new Float32Array(new Uint8Array(all.subarray(at, (at += 4 * count))).buffer);
    return { ...spec, data };
  });
  const { format, generatedBy, convertedBy, modelTopology } = saved;
  for (const quantization of [undefined, 'uint8', 'uint16', 'float16']) {
    const name = `layers_${quantization || 'float32'}`;
    const head = { format, generatedBy, convertedBy, modelTopology };
    const written = writeModel(name, head, weights, { quantization, shardSize: 101, prefix: './' });
    const decoded = tf.io.decodeWeights(written.weightData, written.weightSpecs);
    const values = Object.values(decoded).flatMap((tensor) => Array.from(tensor.dataSync()));
    writeNpy(path.join(goldens, name, 'weights.npy'), [values.length], Float32Array.from(values));
  }
}

/** A GraphDef in the JSON form of tensorflowjs_converter. */
class Graph {
  constructor() {
    this.nodes = [];
    this.weights = [];
    this.seed = 1;
    const dims = [-1, size, size, 3].map((d) => ({ size: String(d) }));
    this.add('input', 'Placeholder', [], { dtype: { type: 'DT_FLOAT' }, shape: { shape: { dim: dims } } });
  }

  add(name, op, input, attr = {}) {
    this.nodes.push({ name, op, input, attr });
    return name;
  }

  constant(name, shape, data, dtype = 'float32') {
    const types = { float32: 'DT_FLOAT', int32: 'DT_INT32' };
    const tensorShape = { dim: shape.map((d) => ({ size: String(d) })) };
    this.add(name, 'Const', [], {
      dtype: { type: types[dtype] },
      value: { tensor: { dtype: types[dtype], tensorShape } },
    });
    this.weights.push({ name, shape, dtype, data });
    return name;
  }

  ints(name, ...values) {
    return this.constant(name, [values.length], Int32Array.from(values), 'int32');
  }

  scalar(name, value) {
    return this.constant(name, [], Float32Array.of(value));
  }

  floats(name, shape, scale, offset = 0) {
    const count = shape.reduce((a, b) => a * b, 1);
    return this.constant(name, shape, formula(count, this.seed++, scale, offset));
  }

  static text(value) {
    return { s: Buffer.from(value).toString('base64') };
  }

  static list(...values) {
    return { list: { i: values.map(String) } };
  }

  window(strides, padding, dilations = 1) {
    return {
      strides: Graph.list(1, strides, strides, 1),
      dilations: Graph.list(1, dilations, dilations, 1),
      padding: Graph.text(padding),
      data_format: Graph.text('NHWC'),
      T: { type: 'DT_FLOAT' },
    };
  }

  fused(...names) {
    return { fused_ops: { list: { s: names.map((n) => Graph.text(n).s) } }, num_args: { i: '1' }, epsilon: { f: 0 } };
  }

  conv(name, x, [k, i, o], strides = 1, padding = 'SAME') {
    const scale = 1.5 / Math.sqrt(k * k * i);
    return this.add(name, 'Conv2D', [x, this.floats(`${name}/weights`, [k, k, i, o], scale)], this.window(strides, padding));
  }

  fusedConv(name, x, [k, i, o], strides, ...ops) {
    const inputs = [x, this.floats(`${name}/weights`, [k, k, i, o], 1.5 / Math.sqrt(k * k * i)), this.floats(`${name}/bias`, [o], 0.2)];
    return this.add(name, '_FusedConv2D', inputs, { ...this.window(strides, 'SAME'), ...this.fused('BiasAdd', ...ops) });
  }

  depthwise(name, x, [k, c], strides = 1, padding = 'SAME', dilations = 1) {
    const weights = this.floats(`${name}/weights`, [k, k, c, 1], 1.5 / k);
    return this.add(name, 'DepthwiseConv2dNative', [x, weights], this.window(strides, padding, dilations));
  }

  fusedDepthwise(name, x, [k, c], strides, ...ops) {
    const inputs = [x, this.floats(`${name}/weights`, [k, k, c, 1], 1.5 / k), this.floats(`${name}/bias`, [c], 0.2)];
    const attr = { ...this.window(strides, 'SAME'), ...this.fused('BiasAdd', ...ops) };
    return this.add(name, 'FusedDepthwiseConv2dNative', inputs, attr);
  }

  bn(name, x, c) {
    const [scale, offset, mean] = ['gamma', 'beta', 'mean'].map((s, i) => this.floats(`${name}/${s}`, [c], 0.3, i === 0 ? 1 : 0));
    const variance = this.floats(`${name}/variance`, [c], 0.3, 0.7);
    const attr = { epsilon: { f: 0.001 }, is_training: { b: false }, data_format: Graph.text('NHWC') };
    return this.add(name, 'FusedBatchNormV3', [x, scale, offset, mean, variance], attr);
  }

  hardSigmoid(name, x) {
    const shifted = this.add(`${name}/add`, 'AddV2', [x, this.scalar(`${name}/three`, 3)]);
    const clipped = this.add(`${name}/Relu6`, 'Relu6', [shifted]);
    return this.add(`${name}/mul`, 'Mul', [clipped, this.scalar(`${name}/sixth`, 1 / 6)]);
  }

  hardSwish(name, x) {
    return this.add(`${name}/hard_swish`, 'Mul', [x, this.hardSigmoid(name, x)]);
  }

  /** A range of the last axis, as x[..., from:to]; the mask decides how the other axes are passed over. */
  channels(name, x, from, to, ellipsis) {
    const count = ellipsis ? 2 : 4;
    const bounds = [from, to, 1].map((value, i) =>
      this.ints(`${name}/${i}`, ...Array(count - 1).fill(i === 2 ? 1 : 0), value));
    const others = ellipsis ? 0 : 7;
    return this.add(name, 'StridedSlice', [x, ...bounds], Graph.masks([others, others, ellipsis ? 1 : 0, 0, 0]));
  }

  static masks(bits) {
    const names = ['begin_mask', 'end_mask', 'ellipsis_mask', 'new_axis_mask', 'shrink_axis_mask'];
    return Object.fromEntries(names.map((name, i) => [name, { i: String(bits[i]) }]));
  }

  model(...results) {
    // The converter writes the nodes in no particular order.
    const node = this.nodes.reverse();
    return {
      format: 'graph-model',
      generatedBy: '2.15.0',
      convertedBy: 'formula',
      signature: {
        inputs: { input: { name: 'input:0' } },
        outputs: Object.fromEntries(results.map((name, i) => [`output${i || ''}`, { name: `${name}:0` }])),
      },
      modelTopology: { node, versions: { producer: 1575 } },
    };
  }
}

function networkV1() {
  const g = new Graph();
  let x = g.add('rescale/mul', 'Mul', [g.scalar('rescale/factor', 2), 'input']);
  x = g.add('rescale/sub', 'Sub', [x, g.scalar('rescale/one', 1)]);
  x = g.add('c1/relu', 'Relu6', [g.bn('c1/bn', g.conv('c1', x, [3, 3, 8], 2), 8)]);
  x = g.add('d1/relu', 'Relu6', [g.bn('d1/bn', g.depthwise('d1', x, [3, 8]), 8)]);
  x = g.add('p1/bias', 'BiasAdd', [g.conv('p1', x, [1, 8, 12]), g.floats('p1/b', [12], 0.2)]);
  x = g.add('p1/relu', 'Relu', [x]);
  x = g.add('d2/pad', 'Pad', [x, g.constant('d2/paddings', [4, 2], Int32Array.of(0, 0, 0, 1, 0, 1, 0, 0), 'int32')]);
  x = g.add('d2/relu', 'Relu6', [g.bn('d2/bn', g.depthwise('d2', x, [3, 12], 2, 'VALID'), 12)]);
  x = g.add('pool', 'Mean', [x, g.ints('pool/axes', 1, 2)], { keep_dims: { b: false } });
  // What Keras's Reshape((1, 1, 12)) becomes.
  const mask = Graph.masks([0, 0, 0, 0, 1]);
  const [from, to, step] = [g.ints('batch/from', 0), g.ints('batch/to', 1), g.ints('batch/step', 1)];
  const batch = g.add('batch', 'StridedSlice', [g.add('shape', 'Shape', [x]), from, to, step], mask);
  const one = g.constant('one', [], Int32Array.of(1), 'int32');
  const target = g.add('target', 'Pack', [batch, one, one, g.constant('twelve', [], Int32Array.of(12), 'int32')], {
    N: { i: '4' },
    axis: { i: '0' },
  });
  x = g.add('shape1', 'Reshape', [x, target]);
  x = g.add('logits', 'BiasAdd', [g.conv('conv_preds', x, [1, 12, 7]), g.floats('conv_preds/b', [7], 0.2)]);
  x = g.add('shape2', 'Reshape', [x, g.ints('shape2/to', -1, 7)]);
  return [g, g.add('Identity', 'Identity', [g.add('scores', 'Softmax', [x])])];
}

function networkV2() {
  const g = new Graph();
  let x = g.fusedConv('stem', 'input', [3, 3, 8], 2, 'Relu6');
  const before = x;
  x = g.fusedConv('expand', x, [1, 8, 16], 1, 'Relu6');
  x = g.fusedDepthwise('depthwise', x, [3, 16], 1, 'Relu6');
  x = g.fusedConv('project', x, [1, 16, 8], 1);
  x = g.add('residual', 'AddV2', [before, x]);
  x = g.fusedDepthwise('depthwise2', x, [5, 8], 2, 'Relu');
  const attr = { ...g.window(1, 'VALID'), ksize: Graph.list(1, 8, 8, 1) };
  x = g.add('pool', 'AvgPool', [x], attr);
  x = g.add('flat', 'Squeeze', [x], { squeeze_dims: Graph.list(1, 2) });
  const inputs = [x, g.floats('dense/weights', [8, 5], 0.5), g.floats('dense/bias', [5], 0.2)];
  const product = { transpose_a: { b: false }, transpose_b: { b: false }, ...g.fused('BiasAdd') };
  return [g, g.add('logits', '_FusedMatMul', inputs, product)];
}

function networkV3() {
  const g = new Graph();
  let x = g.hardSwish('stem', g.bn('stem/bn', g.conv('stem', 'input', [3, 3, 8], 2), 8));
  x = g.add('maxpool', 'MaxPool', [x], { ...g.window(1, 'SAME'), ksize: Graph.list(1, 3, 3, 1) });
  x = g.bn('dw/bn', g.depthwise('dw', x, [5, 8], 1, 'SAME', 2), 8);
  x = g.add('dw/silu', 'Mul', [x, g.add('dw/sigmoid', 'Sigmoid', [x])]);
  let gate = g.add('se/mean', 'Mean', [x, g.ints('se/axes', 1, 2)], { keep_dims: { b: true } });
  gate = g.fusedConv('se/reduce', gate, [1, 8, 4], 1, 'Relu');
  gate = g.hardSigmoid('se/gate', g.fusedConv('se/expand', gate, [1, 4, 8], 1));
  x = g.add('se/scale', 'Mul', [x, gate]);
  x = g.add('avgpool', 'AvgPool', [x], { ...g.window(2, 'SAME'), ksize: Graph.list(1, 3, 3, 1) });
  x = g.add('half', 'RealDiv', [x, g.scalar('two', 2)]);
  x = g.add('pool', 'Mean', [x, g.ints('pool/axes', 1, 2)], { keep_dims: { b: false } });
  x = g.add('dense', 'MatMul', [x, g.floats('dense/weights', [5, 8], 0.5)], { transpose_a: { b: false }, transpose_b: { b: true } });
  return [g, g.add('logits', 'AddV2', [x, g.floats('dense/bias', [5], 0.2)])];
}

/** Channels that are split, joined, sliced and shuffled, as in ShuffleNet and MixNet; two outputs. */
function networkShuffle() {
  const g = new Graph();
  const last = g.constant('last', [], Int32Array.of(-1), 'int32');
  let x = g.fusedConv('stem', 'input', [3, 3, 8], 2, 'Relu6');
  const half = g.add('half', 'Split', [last, x], { num_split: { i: '2' } });
  const right = g.fusedConv('right', `${half}:1`, [1, 4, 4], 1, 'Relu');
  x = g.add('joined', 'ConcatV2', [`${half}:0`, right, last], { N: { i: '2' } });
  x = g.add('apart', 'Reshape', [x, g.ints('apart/to', -1, 16, 16, 2, 4)]);
  x = g.add('swapped', 'Transpose', [x, g.ints('swapped/order', 0, 1, 2, 4, 3)]);
  x = g.add('shuffled', 'Reshape', [x, g.ints('shuffled/to', -1, 16, 16, 8)]);
  const low = g.depthwise('low', g.channels('low/of', x, 0, 3, false), [3, 3]);
  const high = g.depthwise('high', g.channels('high/of', x, -5, 8, true), [5, 5]);
  x = g.add('mixed', 'ConcatV2', [high, low, g.constant('three', [], Int32Array.of(3), 'int32')], { N: { i: '2' } });
  const sizes = [g.ints('sizes', 2, 1, 5), last];
  const part = g.add('part', 'SplitV', [x, ...sizes], { num_split: { i: '3' } });
  x = g.add('again', 'ConcatV2', [`${part}:2`, part, last], { N: { i: '2' } });
  x = g.add('relu', 'Relu', [x]);
  x = g.add('features', 'Mean', [x, g.ints('axes', 1, 2)], { keep_dims: { b: false } });
  const scores = g.add('dense', 'MatMul', [x, g.floats('dense/weights', [7, 5], 0.5)], { transpose_a: { b: false }, transpose_b: { b: false } });
  return [g, g.add('scores', 'Softmax', [scores]), x];
}

/** As older Kerases have ReLU6, what graph optimisation makes of sums, and a map that is flattened without a pool. */
function networkOlder() {
  const g = new Graph();
  const clipped = (name, x) => {
    const lower = g.add(`${name}/Minimum`, 'Minimum', [x, g.scalar(`${name}/six`, 6)]);
    return g.add(name, 'Maximum', [g.scalar(`${name}/zero`, 0), lower]);
  };
  let x = clipped('stem/relu', g.fusedConv('stem', 'input', [3, 3, 6], 4));
  const branches = ['a', 'b'].map((name) => g.fusedConv(name, x, [1, 6, 6], 1));
  x = g.add('sum', 'AddN', [branches[0], x, branches[1]], { N: { i: '3' } });
  const gate = clipped('swish/relu', g.add('swish/add', 'AddV2', [x, g.scalar('swish/three', 3)]));
  x = g.add('swish', 'Mul', [g.add('swish/mul', 'Mul', [x, gate]), g.scalar('swish/sixth', 1 / 6)]);
  x = g.add('relu', 'Maximum', [g.fusedConv('last', x, [3, 6, 5], 2), g.scalar('relu/zero', 0)]);
  x = g.add('flatten', 'Reshape', [x, g.ints('flatten/to', -1, 80)]);
  const inputs = [x, g.floats('dense/weights', [80, 7], 0.2), g.floats('dense/bias', [7], 0.2)];
  return [g, g.add('logits', '_FusedMatMul', inputs, { transpose_a: { b: false }, transpose_b: { b: false }, ...g.fused('BiasAdd') })];
}

async function writeGraph(name, [graph, ...outputs], options) {
  const artifacts = writeModel(name, graph.model(...outputs), graph.weights, options);
  const model = await converter.loadGraphModel({ load: async () => artifacts });
  const count = size * size * 3;
  const images = Float32Array.of(...formula(count, 3, 1), ...formula(count, 5, 0.4, 0.5));
  const input = tf.tensor(images, [2, size, size, 3]);
  writeNpy(path.join(goldens, 'input.npy'), input.shape, input.dataSync());
  [model.predict(input)].flat().forEach((result, i) =>
    writeNpy(path.join(goldens, name, `output${i || ''}.npy`), result.shape, result.dataSync()));
}

async function main() {
  fs.rmSync(goldens, { recursive: true, force: true });
  await tf.ready();
  await writeLayers();
  await writeGraph('graph_v1', networkV1());
  await writeGraph('graph_v1_float16', networkV1(), { quantization: 'float16' });
  await writeGraph('graph_v2', networkV2());
  await writeGraph('graph_v2_uint8', networkV2(), { quantization: 'uint8', shardSize: 333 });
  await writeGraph('graph_v3', networkV3());
  await writeGraph('graph_shuffle', networkShuffle());
  await writeGraph('graph_older', networkOlder());
  await writeGraph('graph_v3_uint16', networkV3(), { quantization: 'uint16', shardSize: 333 });
}

main();
