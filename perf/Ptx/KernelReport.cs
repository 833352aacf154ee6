namespace ILGpuMobileNet.Benchmarks.Ptx;

/// <summary>What became of a kernel, or the worst of a group of kernels, on an architecture.</summary>
/// <param name="Resources">Registers and memory.</param>
/// <param name="InstructionCount">Instructions.</param>
/// <param name="InnerLoop">The loop that multiplies and adds most, or none.</param>
internal readonly record struct KernelFigures(KernelResources Resources, int InstructionCount, LoopCode? InnerLoop)
{
    /// <summary>The largest of every figure, and the loop with the least part of <c>FFMA</c>.</summary>
    /// <param name="figures">One at least.</param>
    public static KernelFigures Worst(IReadOnlyCollection<KernelFigures> figures) =>
        new(
            new(
                figures.Max(one => one.Resources.Registers),
                figures.Max(one => one.Resources.SpillBytes),
                figures.Max(one => one.Resources.StackBytes),
                figures.Max(one => one.Resources.SharedBytes)
            ),
            figures.Max(one => one.InstructionCount),
            figures.MinBy(one => one.InnerLoop?.Share ?? 0).InnerLoop
        );
}

/// <summary>A kernel with its figures, by architecture in the order of <see cref="PtxArchitectures.Names"/>.</summary>
/// <param name="Kernel">The kernel.</param>
/// <param name="Figures">The figures.</param>
internal sealed record KernelReport(KernelVariant Kernel, IReadOnlyList<KernelFigures> Figures)
{
    /// <summary>Registers of a thread at most: two groups of 256 threads then fit into a multiprocessor.</summary>
    public const int MostRegisters = 128;

    /// <summary>The part of FFMA that the inner loop of a pointwise convolution has at least.</summary>
    public const double LeastMultiplyAdds = 0.7;

    /// <summary>The limits that the kernel breaks, in words.</summary>
    public IEnumerable<string> Faults =>
        Figures.SelectMany(
            (figures, i) => FaultsOf(figures).Select(fault => $"{Kernel} on {PtxArchitectures.Names[i]}: {fault}")
        );

    private IEnumerable<string> FaultsOf(KernelFigures figures)
    {
        var (resources, share) = (figures.Resources, figures.InnerLoop?.Share ?? 0);
        if (resources.SpillBytes > 0)
        {
            yield return $"{resources.SpillBytes} bytes spilled, expected none.";
        }
        if (resources.Registers > MostRegisters)
        {
            yield return $"{resources.Registers} registers, expected at most {MostRegisters}.";
        }
        if (Kernel.Operation == nameof(Kernels.Gpu.PointwiseConv) && share < LeastMultiplyAdds)
        {
            yield return $"{share:0%} FFMA in the inner loop, expected at least {LeastMultiplyAdds:0%}.";
        }
    }
}
