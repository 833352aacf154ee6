namespace ILGpuMobileNet.Network.TensorFlow;

/// <summary>Operators of TensorFlow Lite by their numbers: those that are read, and others that errors name.</summary>
internal enum TfliteOperatorCode
{
    ADD = 0,
    AVERAGE_POOL_2D = 1,
    CONCATENATION = 2,
    CONV_2D = 3,
    DEPTHWISE_CONV_2D = 4,
    DEPTH_TO_SPACE = 5,
    DEQUANTIZE = 6,
    FULLY_CONNECTED = 9,
    L2_NORMALIZATION = 11,
    LOGISTIC = 14,
    LSTM = 16,
    MAX_POOL_2D = 17,
    MUL = 18,
    RELU = 19,
    RELU_N1_TO_1 = 20,
    RELU6 = 21,
    RESHAPE = 22,
    RESIZE_BILINEAR = 23,
    SOFTMAX = 25,
    SPACE_TO_DEPTH = 26,
    TANH = 28,
    CUSTOM = 32,
    PAD = 34,
    GATHER = 36,
    TRANSPOSE = 39,
    MEAN = 40,
    SUB = 41,
    DIV = 42,
    SQUEEZE = 43,
    STRIDED_SLICE = 45,
    EXP = 47,
    SPLIT = 49,
    LOG_SOFTMAX = 50,
    CAST = 53,
    PRELU = 54,
    MAXIMUM = 55,
    ARG_MAX = 56,
    MINIMUM = 57,
    PADV2 = 60,
    SLICE = 65,
    TRANSPOSE_CONV = 67,
    EXPAND_DIMS = 70,
    SUM = 74,
    SHAPE = 77,
    REDUCE_MAX = 82,
    PACK = 83,
    RESIZE_NEAREST_NEIGHBOR = 97,
    LEAKY_RELU = 98,
    MIRROR_PAD = 100,
    SPLIT_V = 102,
    ADD_N = 106,
    ELU = 111,
    QUANTIZE = 114,
    HARD_SWISH = 117,
    BATCH_MATMUL = 126,
    GELU = 150,
}

/// <summary>Element types of TensorFlow Lite.</summary>
internal enum TfliteType
{
    FLOAT32 = 0,
    FLOAT16 = 1,
    INT32 = 2,
    UINT8 = 3,
    INT64 = 4,
    STRING = 5,
    BOOL = 6,
    INT16 = 7,
    COMPLEX64 = 8,
    INT8 = 9,
    FLOAT64 = 10,
}

/// <summary>Numbers of the fields of TensorFlow Lite's tables, those that a graph needs.</summary>
internal static class TfliteFields
{
    /// <summary>The file.</summary>
    public const int ModelOperatorCodes = 1,
        ModelSubgraphs = 2,
        ModelBuffers = 4;

    /// <summary>A kind of operator; files of today have its number in the last field, older ones in the first.</summary>
    public const int CodeOld = 0,
        CodeCustom = 1,
        CodeNew = 3;

    /// <summary>A graph.</summary>
    public const int GraphTensors = 0,
        GraphInputs = 1,
        GraphOutputs = 2,
        GraphOperators = 3;

    /// <summary>A tensor.</summary>
    public const int TensorShape = 0,
        TensorType = 1,
        TensorBuffer = 2,
        TensorName = 3,
        TensorSparsity = 6,
        TensorSignature = 7;

    /// <summary>The bytes of a tensor; they can be behind the FlatBuffer, in files of more than 2 GB.</summary>
    public const int BufferData = 0,
        BufferOffset = 1;

    /// <summary>An operator.</summary>
    public const int OperatorCode = 0,
        OperatorInputs = 1,
        OperatorOutputs = 2,
        OperatorOptions = 4;
}
