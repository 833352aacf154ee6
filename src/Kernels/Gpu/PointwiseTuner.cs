using System.Diagnostics;
using ILGPU;
using ILGPU.Runtime;

namespace ILGpuMobileNet.Kernels.Gpu;

/// <summary>Time of a pointwise convolution with one tile.</summary>
/// <param name="Tile">The tile.</param>
/// <param name="Seconds">Shortest time of a launch.</param>
internal readonly record struct TileTime(PointwiseTile Tile, double Seconds);

/// <summary>Measures the tiles of pointwise convolutions on a device.</summary>
/// <param name="accelerator">The device.</param>
internal sealed class PointwiseTuner(Accelerator accelerator)
{
    private const int RoundCount = 5;
    private const double MeasuredSeconds = 0.01; // of launches between two looks at the clock
    private const int MostLaunches = 1000;

    /// <summary>Times every tile; they take turns, so that a change of the device's clock meets all of them.</summary>
    /// <param name="problem">What is computed.</param>
    /// <returns>The tiles, fastest first.</returns>
    public IReadOnlyList<TileTime> Measure(PointwiseProblem problem)
    {
        using var stream = accelerator.CreateStream();
        using var weights = accelerator.Allocate1D<Float4>(
            new PackedMatrix(problem.InputCount, problem.OutputCount).Length
        );
        using var input = accelerator.Allocate1D<Float4>(problem.Rows * Float4.CountFor(problem.InputCount));
        using var output = accelerator.Allocate1D<Float4>(problem.Rows * Float4.CountFor(problem.OutputCount));
        weights.View.MemSetToZero(stream);
        input.View.MemSetToZero(stream);
        var operands = new GpuOperands(1)
        {
            Input = input.View,
            Output = output.View,
            Gate = input.View,
            Residual = input.View,
        };
        var operations = PointwiseRule.Tiles.Select(tile => Loaded(problem, tile, weights.View)).ToList();
        var best = Enumerable.Repeat(double.MaxValue, operations.Count).ToArray();
        operations.ForEach(operation => Time(operation, stream, operands, 1)); // warms up
        var once = operations.Max(operation => Time(operation, stream, operands, 1));
        var launchCount = (int)Math.Clamp(MeasuredSeconds / once, 1, MostLaunches);
        for (var round = 0; round < RoundCount; round++)
        {
            for (var i = 0; i < operations.Count; i++)
            {
                best[i] = Math.Min(best[i], Time(operations[i], stream, operands, launchCount));
            }
        }
        return
        [
            .. PointwiseRule.Tiles.Zip(best, (tile, time) => new TileTime(tile, time)).OrderBy(time => time.Seconds),
        ];
    }

    private PointwiseConv Loaded(PointwiseProblem problem, PointwiseTile tile, ArrayView<Float4> weights)
    {
        var shape = new DenseWeights(
            new float[checked(problem.InputCount * problem.OutputCount)],
            new float[problem.OutputCount]
        );
        var operation = new PointwiseConv(checked((int)problem.Rows), shape, Activation.Relu, new(tile));
        operation.Load(accelerator, weights);
        return operation;
    }

    private static double Time(GpuOperation operation, AcceleratorStream stream, in GpuOperands operands, int count)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < count; i++)
        {
            operation.Launch(stream, operands);
        }
        stream.Synchronize();
        return Stopwatch.GetElapsedTime(start).TotalSeconds / count;
    }
}
