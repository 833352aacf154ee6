namespace ILGPU.Runtime;

/// <summary>Makes launchers of kernels, one file for each count of parameters.</summary>
public static partial class KernelLoaders;
