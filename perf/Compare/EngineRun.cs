using ILGpuMobileNet.Host;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Execution;
using static System.FormattableString;

namespace ILGpuMobileNet.Benchmarks.Compare;

/// <summary>What a process does whose memory is measured: it loads a model file and runs a batch a few times.</summary>
/// <param name="Model">An ONNX file.</param>
/// <param name="Threads">Threads of the engine.</param>
/// <param name="Batch">Images of a run.</param>
/// <param name="Image">Shape of one.</param>
internal sealed record EngineRun(string Model, int Threads, int Batch, FeatureShape Image)
{
    /// <summary>The word after which <c>Program.cs</c> passes the arguments to <see cref="RunOurs"/>.</summary>
    public const string Command = "engine-run";

    private const int Runs = 3;

    /// <summary>Arguments of the process, the same for either engine: MODEL THREADS N,C,H,W RUNS.</summary>
    public IReadOnlyList<string> Arguments =>
        [
            Model,
            Invariant($"{Threads}"),
            Invariant($"{Batch},{Image.Channels},{Image.Height},{Image.Width}"),
            Invariant($"{Runs}"),
        ];

    /// <summary>
    /// This library's process. It prints a line when only the images are there and one when it is done, and waits for a
    /// line after each; <c>eng/onnxruntime-memory.js</c> does the same with ONNX Runtime.
    /// </summary>
    /// <param name="arguments">As <see cref="Arguments"/> has them.</param>
    public static int RunOurs(IReadOnlyList<string> arguments)
    {
        var numbers = arguments.Skip(1).Select(word => word.Split(',').Select(int.Parse).ToArray()).ToList();
        var (threads, axes, runs) = (numbers[0][0], numbers[1], numbers[2][0]);
        var images = new float[axes.Aggregate((product, axis) => product * axis)];
        Array.Fill(images, 0.5f); // pages that nobody wrote are not there yet
        Say("ready");
        RunModel(arguments[0], images, new(axes[0], threads), runs);
        Say("done");
        return 0;
    }

    private static void RunModel(string model, float[] images, SessionOptions options, int runs)
    {
        var loaded = ModelSource.Load(new() { Model = model });
        using var session = Devices.CreateSession(loaded.Model, DeviceName.Cpu, options);
        var output = new float[options.MaximalBatch * session.Output.ElementCount];
        for (var run = 0; run < runs; run++)
        {
            session.Run(images, output, options.MaximalBatch);
        }
    }

    private static void Say(string line)
    {
        Console.WriteLine(line);
        Console.ReadLine();
    }
}
