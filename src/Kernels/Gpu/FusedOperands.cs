namespace ILGpuMobileNet.Kernels.Gpu;

/// <summary>What an operation reads besides its input.</summary>
/// <param name="HasGate">Whether the input is multiplied by a gate per image and channel.</param>
/// <param name="HasResidual">Whether a residual is added after the activation.</param>
internal readonly record struct FusedOperands(bool HasGate = false, bool HasResidual = false);
