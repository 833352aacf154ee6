namespace ILGpuMobileNet.Network.Weights;

/// <summary>How a file stores the elements of a tensor, by the names that safetensors has for them.</summary>
public enum ElementType
{
    /// <summary>IEEE 754 binary32.</summary>
    F32,

    /// <summary>IEEE 754 binary16.</summary>
    F16,

    /// <summary>The upper half of binary32.</summary>
    BF16,

    /// <summary>IEEE 754 binary64.</summary>
    F64,

    /// <summary>Integers of 8 bits without sign; with a scale where the file quantises.</summary>
    U8,

    /// <summary>Integers of 16 bits without sign; with a scale where the file quantises.</summary>
    U16,

    /// <summary>Integers of 32 bits, such as sizes.</summary>
    I32,

    /// <summary>Integers of 64 bits, such as PyTorch's <c>num_batches_tracked</c>.</summary>
    I64,
}
