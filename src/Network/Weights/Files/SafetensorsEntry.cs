namespace ILGpuMobileNet.Network.Weights;

/// <summary>One tensor as a safetensors header describes it.</summary>
/// <param name="Tensor">Name, shape and type.</param>
/// <param name="ElementCount">Product of the axes.</param>
/// <param name="Begin">First byte, counted from the end of the header.</param>
/// <param name="End">One past the last byte.</param>
internal sealed record SafetensorsEntry(StoredTensor Tensor, int ElementCount, long Begin, long End);
