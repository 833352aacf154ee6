using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Kernels.Simd;

namespace ILGpuMobileNet.Reference.Operations;

/// <summary>A convolution of a chain.</summary>
/// <param name="Window">Kernel, stride, dilation, padding.</param>
/// <param name="OutputChannels">Channels produced; none for a depthwise convolution, which keeps them.</param>
public sealed record ChainStage(Window Window, int? OutputChannels)
{
    /// <summary>Follows the bias.</summary>
    public Activation Activation { get; init; }
}

/// <summary>Convolutions one after the other.</summary>
/// <param name="Batch">Images.</param>
/// <param name="Input">One input image.</param>
/// <param name="Stages">The convolutions.</param>
public sealed record ChainTest(int Batch, FeatureShape Input, IReadOnlyList<ChainStage> Stages)
{
    /// <summary>Whether the input is multiplied by a gate.</summary>
    public bool HasGate { get; init; }

    /// <summary>The stage that a residual is added to, or none.</summary>
    public int? ResidualStage { get; init; }

    /// <summary>Whether the first convolution, one with all channels for each, reads images without padded channels.</summary>
    public bool ReadsPacked { get; init; }

    /// <summary>Everything of the case, short enough for a table.</summary>
    public override string ToString() => string.Join(" | ", Tests);

    /// <summary>Every convolution on its own.</summary>
    public IReadOnlyList<ConvolutionTest> Tests
    {
        get
        {
            var tests = new List<ConvolutionTest>();
            var input = Input;
            foreach (var stage in Stages)
            {
                var groups = stage.OutputChannels is null ? input.Channels : 1;
                tests.Add(
                    new(Batch, input, stage.OutputChannels ?? input.Channels, stage.Window, groups)
                    {
                        Activation = stage.Activation,
                        HasGate = HasGate && tests.Count == 0,
                        HasResidual = ResidualStage == tests.Count,
                    }
                );
                input = tests[^1].Output;
            }
            return tests;
        }
    }

    /// <summary>The operations one after the other, each with its whole map.</summary>
    /// <param name="width">Vector width.</param>
    internal float[] RunApart(SimdWidth width)
    {
        using var run = new PreparedApartRun(this, width);
        run.Execute();
        return run.Output();
    }

    /// <summary>The operations tied together.</summary>
    /// <param name="width">Vector width.</param>
    /// <param name="threads">Threads that the work is cut for.</param>
    internal float[] RunTied(SimdWidth width, int threads)
    {
        using var chain = SimdOperations.Chain(this, width);
        return Run(width, threads).Run(chain);
    }

    /// <summary>What the chain reads and writes.</summary>
    /// <param name="width">Vector width.</param>
    /// <param name="threads">Threads that the work is cut for.</param>
    internal SimdRun Run(SimdWidth width, int threads = 1) =>
        SimdRun.Of(Tests[0], width, ReadsPacked) with
        {
            OutputShape = Tests[^1].Output,
            Residual = ResidualStage is { } stage ? Tests[stage].ResidualValues() : null,
            ResidualChannels = ResidualStage is { } place ? Tests[place].OutputChannels : null,
            Threads = threads,
        };
}
