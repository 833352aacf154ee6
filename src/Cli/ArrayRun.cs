using System.Collections.Immutable;
using ILGpuMobileNet.Cli.Reports;
using ILGpuMobileNet.Host;
using ILGpuMobileNet.Network.Execution;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Cli;

/// <summary>What <see cref="ArrayRun"/> is to do.</summary>
/// <param name="Model">The network and its weights.</param>
/// <param name="Input">File with the inputs, axes <c>[N, C, H, W]</c>.</param>
/// <param name="Output">File that receives the outputs.</param>
/// <param name="Device">Where to run.</param>
/// <param name="ThreadCount">Threads on the CPU; 0 is one per core.</param>
internal sealed record ArrayRequest(
    ModelOptions Model,
    string Input,
    string Output,
    DeviceName Device,
    int ThreadCount
);

/// <summary>Puts an array file through a network, in batches, and writes what comes out.</summary>
internal static class ArrayRun
{
    private const int MaximalBatch = 16;

    /// <summary>Does it.</summary>
    /// <param name="request">What to do.</param>
    /// <param name="progressOf">Gives the progress line for a number of images.</param>
    /// <param name="cancellationToken">Stops between two batches.</param>
    public static RunReport Execute(
        ArrayRequest request,
        Func<int, ProgressLine> progressOf,
        CancellationToken cancellationToken
    )
    {
        CheckOutput(request);
        var input = ImageArray.Read(request.Input, cancellationToken);
        var options = request.Model with { Resolution = request.Model.Resolution ?? input.Size };
        var loaded = ModelSource.Load(options, cancellationToken);
        input.CheckFits(loaded.Model.Graph.Input);
        var session = new SessionOptions(Math.Min(MaximalBatch, input.Count), request.ThreadCount);
        using var network = Devices.CreateSession(loaded.Model, request.Device, session);
        using var progress = progressOf(input.Count);
        var results = Run(network, input, progress, cancellationToken);
        var output = new Tensor(AxesOf(loaded, input.Count), results);
        Npy.Write(request.Output, output);
        var axes = input.Values.Shape;
        return new(loaded.Name, network.Device, axes, output.Shape, request.Output, loaded.Assumptions);
    }

    /// <summary>What can be known before the network has run for nothing.</summary>
    private static void CheckOutput(ArrayRequest request)
    {
        var path = OutputPath.Check("--output", request.Output);
        if (path == Path.GetFullPath(request.Input))
        {
            throw new ArgumentException($"--output {request.Output} is the input too; name another file.");
        }
    }

    // A network that has no classes by nature keeps its rows and columns where both happen to be 1.
    private static ImmutableArray<int> AxesOf(LoadedModel loaded, int images)
    {
        var output = loaded.Model.Graph.Output;
        return loaded.Description is { Classes: null } || output.PixelCount > 1
            ? [images, output.Channels, output.Height, output.Width]
            : [images, output.Channels];
    }

    /// <summary>The outputs, axes <c>[N, C, H, W]</c>.</summary>
    private static float[] Run(
        ISession network,
        ImageArray input,
        ProgressLine progress,
        CancellationToken cancellationToken
    )
    {
        var images = input.Count;
        var outputSize = checked((int)network.Output.ElementCount);
        var output = new float[checked(images * outputSize)];
        for (var first = 0; first < images; first += network.MaximalBatch)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var batch = Math.Min(network.MaximalBatch, images - first);
            var results = new float[batch * outputSize]; // [N, H, W, C]
            network.Run(input.ChannelsLast(first, batch), results, batch);
            ChannelLayout.ToChannelsFirst(results, network.Output, output.AsSpan(first * outputSize, results.Length));
            progress.Advance(batch);
        }
        return output;
    }
}
