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
/// <param name="Output">File that receives the outputs: a .npz archive of all, or the only one.</param>
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
        CheckOutputs(request, loaded);
        var session = new SessionOptions(Math.Min(MaximalBatch, input.Count), request.ThreadCount);
        using var network = Devices.CreateSession(loaded.Model, request.Device, session);
        using var progress = progressOf(input.Count);
        var outputs = Run(loaded, network, input, progress, cancellationToken);
        Write(request.Output, loaded, outputs);
        var names = loaded.Model.Graph.OutputNames;
        return new(
            loaded.Name,
            network.Device,
            input.Values.Shape,
            outputs[0].Shape,
            [.. names.Zip(outputs, (name, output) => new OutputReport(name, output.Shape))],
            request.Output,
            // That the first of several is taken does not hold here.
            outputs.Length > 1
                ? []
                : loaded.Assumptions
        );
    }

    private static bool IsArchive(string path) => path.EndsWith(".npz", StringComparison.OrdinalIgnoreCase);

    private static void Write(string path, LoadedModel loaded, Tensor[] outputs)
    {
        if (IsArchive(path))
        {
            NpzFile.Write(path, loaded.Model.Graph.OutputNames.Zip(outputs));
        }
        else
        {
            Npy.Write(path, outputs[0]);
        }
    }

    private static void CheckOutputs(ArrayRequest request, LoadedModel loaded)
    {
        if (loaded.Model.Graph.OutputNames is { Length: > 1 } names && !IsArchive(request.Output))
        {
            throw new ArgumentException(
                $"'{loaded.Name}' has {names.Length} outputs ({string.Join(", ", names.Select(name => $"'{name}'"))}), but "
                    + $"a .npy file holds one array. Name a .npz file: --output {Path.ChangeExtension(request.Output, ".npz")}."
            );
        }
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
    private static ImmutableArray<int> AxesOf(LoadedModel loaded, FeatureShape output, int images) =>
        loaded.Description is { Classes: null } || output.PixelCount > 1
            ? [images, output.Channels, output.Height, output.Width]
            : [images, output.Channels];

    /// <summary>The outputs, axes <c>[N, C, H, W]</c>.</summary>
    private static Tensor[] Run(
        LoadedModel loaded,
        ISession network,
        ImageArray input,
        ProgressLine progress,
        CancellationToken cancellationToken
    )
    {
        var images = input.Count;
        var outputs = Array.ConvertAll([.. network.Outputs], shape => new BatchedOutput(shape, images));
        var results = new Memory<float>[outputs.Length];
        for (var first = 0; first < images; first += network.MaximalBatch)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var batch = Math.Min(network.MaximalBatch, images - first);
            for (var i = 0; i < outputs.Length; i++)
            {
                results[i] = outputs[i].Batch(batch);
            }
            network.Run(input.ChannelsLast(first, batch), results, batch);
            Array.ForEach(outputs, output => output.Add(batch));
            progress.Advance(batch);
        }
        return Array.ConvertAll(outputs, output => new Tensor(AxesOf(loaded, output.Shape, images), output.Values));
    }

    /// <summary>An output of all images, which comes in batches.</summary>
    private sealed class BatchedOutput(FeatureShape shape, int images)
    {
        private readonly int _size = checked((int)shape.ElementCount);
        private float[] _batch = [];
        private int _length;

        public FeatureShape Shape => shape;

        /// <summary>Axes <c>[N, C, H, W]</c>.</summary>
        public float[] Values { get; } = new float[checked(images * (int)shape.ElementCount)];

        /// <summary>Room for a batch, axes <c>[N, H, W, C]</c>.</summary>
        public Memory<float> Batch(int count)
        {
            _batch = _batch.Length == 0 ? new float[count * _size] : _batch; // the first batch is the largest
            return _batch.AsMemory(0, count * _size);
        }

        /// <summary>Takes what the batch holds.</summary>
        public void Add(int count)
        {
            var values = Batch(count).Span;
            ChannelLayout.ToChannelsFirst(values, shape, Values.AsSpan(_length, values.Length));
            _length += values.Length;
        }
    }
}
