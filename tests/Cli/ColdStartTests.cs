using System.Diagnostics;
using ILGpuMobileNet.Host;
using ILGpuMobileNet.Network.Weights;
using ILGpuMobileNet.Reference;
using ILGpuMobileNet.Reference.Operations;

namespace ILGpuMobileNet.Cli.Tests;

/// <summary>The tool as <c>./mobilenet</c> runs it, from its start to the result; no test runs beside it.</summary>
[CollectionDefinition("cold start", DisableParallelization = true)]
[Collection("cold start")]
public sealed class ColdStartTests : IDisposable
{
    private const int RunCount = 5;

    // Generous: the best of the runs took 360 ms on a busy machine of two cores.
    private static readonly TimeSpan s_limit = TimeSpan.FromMilliseconds(600);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public void The_first_result_with_weights_from_a_file_is_there_soon()
    {
        var tool = Repository.PathOf("src", "Cli", "bin", "Release", "net10.0", "publish", "mobilenet.dll");
        Skip.IfNot(File.Exists(tool), "The tool is not published; run ./mobilenet once.");
        var options = new ModelOptions { Model = "mobilenet_v3_small", RandomSeed = 1 };
        Safetensors.Write(_folder.PathOf("w.safetensors"), ModelSource.Load(options).Model.Weights);
        Npy.Write(_folder.PathOf("x.npy"), new Tensor([1, 3, 224, 224], TestValues.Uniform(1, 3 * 224 * 224)));

        Assert.InRange(Enumerable.Range(0, RunCount).Min(_ => Measure(tool)), TimeSpan.Zero, s_limit);
    }

    private TimeSpan Measure(string tool)
    {
        var start = Stopwatch.GetTimestamp();
        var result = ToolProcess.RunAt(
            tool,
            "run",
            "mobilenet_v3_small",
            "--weights",
            _folder.PathOf("w.safetensors"),
            "--input",
            _folder.PathOf("x.npy"),
            "--output",
            _folder.PathOf("y.npy"),
            "--device",
            "cpu"
        );
        var elapsed = Stopwatch.GetElapsedTime(start);
        Assert.Equal((ExitCode.Done, ""), (result.Code, result.Error));
        return elapsed;
    }
}
