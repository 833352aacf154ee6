using System.Diagnostics;
using ILGPU;
using ILGPU.Runtime;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Kernels.Gpu;

namespace ILGpuMobileNet.Network.Execution;

/// <summary>Times of a launch.</summary>
/// <param name="Problem">The launch.</param>
/// <param name="Rule">Name of the variant that the rule takes.</param>
/// <param name="Seconds">Shortest time of every variant.</param>
internal sealed record LaunchTimes(LaunchProblem Problem, string Rule, IReadOnlyDictionary<string, double> Seconds)
{
    /// <summary>Name of the fastest variant; the rule's where it is as fast.</summary>
    public string Fastest => Seconds.MinBy(time => (time.Value, time.Key != Rule)).Key;
}

/// <summary>Measures the launches of a network that can be made in several ways.</summary>
internal sealed class LaunchTuner : IDisposable
{
    private const int RoundCount = 5;
    private const double MeasuredSeconds = 0.01; // of launches between two looks at the clock
    private const int MostLaunches = 1000;

    private readonly Accelerator _accelerator;
    private readonly int _maximalBatch;
    private readonly GpuPlan _plan;
    private readonly DisposableStack _owned = new();
    private readonly AcceleratorStream _stream;
    private readonly ArrayView<float> _images;
    private readonly ArrayView<Float4> _arena;

    /// <summary>Plans a network and takes the memory of its largest batch.</summary>
    /// <param name="model">The network and its weights.</param>
    /// <param name="accelerator">The device.</param>
    /// <param name="maximalBatch">Images of the largest batch.</param>
    public LaunchTuner(Model model, Accelerator accelerator, int maximalBatch)
    {
        (_accelerator, _maximalBatch) = (accelerator, maximalBatch);
        var limits = DeviceLimits.Of(accelerator.Device);
        _plan = new(model, new LaunchRule(limits), maximalBatch);
        try
        {
            _stream = _owned.Push(accelerator.CreateStream());
            _images = Zeros<float>(_plan.ImagesLength);
            _arena = Zeros<Float4>(_plan.ArenaLength);
        }
        catch
        {
            Dispose();
            throw;
        }
        Launches =
        [
            .. _plan
                .Steps.Select(step => (Step: step, Variants: step.Operation.VariantsFor(maximalBatch, limits)))
                .Where(launch => launch.Variants is not null)
                .Select(launch => new TunedStep(launch.Step, launch.Variants!))
                .DistinctBy(launch => launch.Variants.Problem),
        ];
    }

    /// <summary>A step of the plan that can be made in several ways.</summary>
    /// <param name="Step">The step.</param>
    /// <param name="Variants">The ways.</param>
    internal sealed record TunedStep(GpuStep Step, LaunchVariants Variants);

    /// <summary>What can be measured, each once.</summary>
    public IReadOnlyList<TunedStep> Launches { get; }

    /// <summary>Times every variant; they take turns, so that a change of the device's clock meets all of them.</summary>
    /// <param name="launch">One of <see cref="Launches"/>.</param>
    public LaunchTimes Measure(TunedStep launch)
    {
        using var weights = _accelerator.Allocate1D<Float4>(Math.Max(1, launch.Step.Operation.WeightLength));
        weights.View.MemSetToZero(_stream);
        var operands = launch.Step.Operands(_images, _arena, _maximalBatch);
        var operations = launch.Variants.All.Select(variant => Loaded(launch, variant, weights.View)).ToList();
        var best = Enumerable.Repeat(double.MaxValue, operations.Count).ToArray();
        operations.ForEach(operation => Time(operation, operands, 1)); // warms up
        var once = operations.Max(operation => Time(operation, operands, 1));
        var launchCount = (int)Math.Clamp(MeasuredSeconds / once, 1, MostLaunches);
        for (var round = 0; round < RoundCount; round++)
        {
            for (var i = 0; i < operations.Count; i++)
            {
                best[i] = Math.Min(best[i], Time(operations[i], operands, launchCount));
            }
        }
        var names = launch.Variants.All.Select(variant => variant.Name);
        return new(launch.Variants.Problem, launch.Variants.Chosen, names.Zip(best).ToDictionary());
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose() => _owned.Dispose();

    private ArrayView<T> Zeros<T>(long length)
        where T : unmanaged
    {
        var view = _owned.Push(_accelerator.Allocate1D<T>(length)).View;
        view.MemSetToZero(_stream);
        return view;
    }

    private GpuOperation Loaded(TunedStep launch, LaunchVariant variant, ArrayView<Float4> weights)
    {
        var operation = new GpuOperations(variant.Choice, _maximalBatch).Create(launch.Step.Step);
        operation.Load(_accelerator, weights);
        return operation;
    }

    private double Time(GpuOperation operation, in GpuOperands operands, int count)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < count; i++)
        {
            operation.Launch(_stream, operands);
        }
        _stream.Synchronize();
        return Stopwatch.GetElapsedTime(start).TotalSeconds / count;
    }
}
