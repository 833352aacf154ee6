using System.Collections.Immutable;
using ILGpuMobileNet.Cli.Reports;
using ILGpuMobileNet.Host;
using ILGpuMobileNet.Kernels;
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
    private const int MaximalChannels = 4; // of a picture

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
        var input = Npy.Read(request.Input, cancellationToken);
        CheckAxes(request.Input, input);
        var size = new Extent(input.Shape[2], input.Shape[3]);
        var options = request.Model with { Resolution = request.Model.Resolution ?? size };
        var loaded = ModelSource.Load(options, cancellationToken);
        CheckImage(request.Input, input, loaded.Model.Graph.Input);
        var session = new SessionOptions(Math.Min(MaximalBatch, input.Shape[0]), request.ThreadCount);
        using var network = Devices.CreateSession(loaded.Model, request.Device, session);
        using var progress = progressOf(input.Shape[0]);
        var results = Run(network, input, progress, cancellationToken);
        var output = new Tensor(AxesOf(loaded, input.Shape[0]), results);
        Npy.Write(request.Output, output);
        return new(loaded.Name, network.Device, input.Shape, output.Shape, request.Output, loaded.Assumptions);
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

    private static void CheckAxes(string file, Tensor input)
    {
        if (input.Shape.Length != 4)
        {
            throw new ModelFormatException(
                file,
                $"Its axes are [{string.Join(", ", input.Shape)}], expected N,C,H,W.",
                "Save normalised images with numpy.save, channels before rows."
            );
        }
        if (input.Shape[1] > MaximalChannels && input.Shape[3] <= MaximalChannels)
        {
            throw new ModelFormatException(
                file,
                $"Its axes are [{string.Join(", ", input.Shape)}]: the channels come last, expected N,C,H,W.",
                "Save x.transpose(0, 3, 1, 2)."
            );
        }
    }

    private static void CheckImage(string file, Tensor input, FeatureShape expected)
    {
        var actual = new FeatureShape(input.Shape[2], input.Shape[3], input.Shape[1]);
        if (actual != expected)
        {
            throw new ModelFormatException(
                file,
                $"Its images are {actual} (HxWxC), but the network reads {expected}.",
                "Resize them, or name another --resolution."
            );
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
        Tensor input,
        ProgressLine progress,
        CancellationToken cancellationToken
    )
    {
        var images = input.Shape[0];
        var inputSize = checked((int)network.Input.ElementCount);
        var outputSize = checked((int)network.Output.ElementCount);
        var output = new float[checked(images * outputSize)];
        for (var first = 0; first < images; first += network.MaximalBatch)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var batch = Math.Min(network.MaximalBatch, images - first);
            var source = input.Data.Span.Slice(first * inputSize, batch * inputSize);
            RunBatch(network, source, output.AsSpan(first * outputSize, batch * outputSize), batch);
            progress.Advance(batch);
        }
        return output;
    }

    private static void RunBatch(ISession network, ReadOnlySpan<float> source, Span<float> destination, int batch)
    {
        var pixels = new float[source.Length]; // [N, H, W, C]
        var results = new float[destination.Length]; // [N, H, W, C]
        ChannelLayout.ToChannelsLast(source, network.Input, pixels);
        network.Run(pixels, results, batch);
        ChannelLayout.ToChannelsFirst(results, network.Output, destination);
    }
}
