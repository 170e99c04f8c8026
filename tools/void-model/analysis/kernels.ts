/**
 * Which of ONNX's own operators have kernels in onnxruntime-web 1.30.0.
 *
 * Source: the kernel registrations inside the package's own files, `ort-wasm-simd-threaded.jspi.wasm` for WebGPU and
 * `ort-wasm-simd-threaded.wasm` for the CPU: functions that name an execution provider name the operator beside it. Of
 * `docs/webgpu-operators.md` in the package, which describes the older JavaScript kernels, only Tile was added.
 * Operators are listed by name: a kernel may lack a type (WebGPU's seldom take int64) or an old opset.
 */
const webgpu =
  'Abs Acos Acosh Add And ArgMax ArgMin Asin Asinh Atan Atanh Attention AveragePool BatchNormalization Cast Ceil Clip Concat ' +
  'Conv ConvTranspose Cos Cosh CumSum DFT DepthToSpace DequantizeLinear Div Einsum Elu Equal Erf Exp Expand Flatten Floor ' +
  'GRU Gather GatherElements GatherND Gelu Gemm GlobalAveragePool GlobalMaxPool Greater GreaterOrEqual GridSample ' +
  'HardSigmoid HardSwish Identity If InstanceNormalization LSTM LayerNormalization LeakyRelu Less LessOrEqual Log ' +
  'LpNormalization MatMul Max MaxPool Min Mul Neg Not PRelu Pad Pow RMSNormalization Range Reciprocal ReduceL1 ReduceL2 ' +
  'ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum ReduceSumSquare Relu Reshape Resize ' +
  'RotaryEmbedding ScatterElements ScatterND Shape Sigmoid Sin Sinh Slice Softmax Softplus Split Sqrt Squeeze Sub Tan Tanh ' +
  'ThresholdedRelu Tile TopK Transpose Trilu Unsqueeze Where';

const wasm =
  'Abs Acos Acosh Add AffineGrid And ArgMax ArgMin Asin Asinh Atan Atanh Attention AveragePool BatchNormalization BitCast ' +
  'BitShift BitwiseAnd BitwiseNot BitwiseOr BitwiseXor BlackmanWindow Cast Ceil Celu Clip Col2Im Compress Concat ' +
  'ConcatFromSequence ConstantOfShape Conv ConvInteger ConvTranspose Cos Cosh CumProd CumSum DFT DeformConv DepthToSpace ' +
  'DequantizeLinear Det Div Dropout DynamicQuantizeLinear Einsum Elu Equal Erf Exp Expand EyeLike Flatten Floor GRU Gather ' +
  'GatherElements GatherND Gelu Gemm GlobalAveragePool GlobalLpPool GlobalMaxPool Greater GreaterOrEqual GridSample ' +
  'HammingWindow HannWindow HardSigmoid Hardmax Identity If InstanceNormalization IsInf IsNaN LRN LSTM LayerNormalization ' +
  'LeakyRelu Less LessOrEqual Log LogSoftmax Loop LpNormalization LpPool MatMul MatMulInteger Max MaxPool MaxRoiPool ' +
  'MaxUnpool Mean MeanVarianceNormalization MelWeightMatrix Min Mod Mul Multinomial Neg NonMaxSuppression NonZero Not OneHot ' +
  'Optional OptionalGetElement OptionalHasElement Or PRelu Pad Pow QLinearConv QLinearMatMul QuantizeLinear RMSNormalization ' +
  'RNN RandomNormal RandomNormalLike RandomUniform RandomUniformLike Range Reciprocal ReduceL1 ReduceL2 ReduceLogSum ' +
  'ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum ReduceSumSquare RegexFullMatch Relu Reshape Resize ' +
  'ReverseSequence RoiAlign RotaryEmbedding Round STFT Scan Scatter ScatterElements ScatterND Selu SequenceAt ' +
  'SequenceConstruct SequenceErase SequenceInsert SequenceLength Shape Shrink Sigmoid Sign Sin Sinh Size Slice Softmax ' +
  'Softplus Softsign SpaceToDepth Split SplitToSequence Sqrt Squeeze StringConcat StringNormalizer StringSplit Sub Sum Tan ' +
  'Tanh TensorScatter TfIdfVectorizer ThresholdedRelu Tile TopK Transpose Trilu Unique Unsqueeze Upsample Where Xor';

/** Need no kernel on any provider: folded, or written out as other operators, when the model loads. */
const resolved =
  'Bernoulli CastLike CenterCropPad Constant GroupNormalization HardSwish Mish NegativeLogLikelihoodLoss Swish';

/** The same on WebGPU alone: what is done while loading and leaves nothing to run. */
const resolvedOnWebgpu = 'Dropout ConstantOfShape';

function setOf(...names: readonly string[]): ReadonlySet<string> {
  return new Set(names.flatMap((list) => list.split(' ')));
}

/** Operators that a provider runs, or that are gone before it would have to. */
export const runnable = {
  webgpu: setOf(webgpu, resolved, resolvedOnWebgpu),
  wasm: setOf(wasm, resolved),
} as const;
