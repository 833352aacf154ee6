using BenchmarkDotNet.Attributes;
using ILGPU.Runtime;
using ILGpuMobileNet.Benchmarks.Yardsticks;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Reference.Operations;
using GpuResizeNormalize = ILGpuMobileNet.Kernels.Gpu.ResizeNormalize;
using SimdResizeNormalize = ILGpuMobileNet.Kernels.Simd.ResizeNormalize;

namespace ILGpuMobileNet.Benchmarks.Operations;

/// <summary>A photograph to a network's input, as ImageNet networks want it; the yardstick is on the CPU always.</summary>
public class ResizeNormalizeBenchmark : DeviceBenchmark
{
    private static readonly ResizeFilter s_filter = new(Interpolation.Bilinear, Antialias: true);
    private static readonly PixelNormalization s_normalization = new(
        ColourValues.Same(0.0172f),
        ColourValues.Same(-2),
        ChannelOrder.Rgb
    );

    private readonly List<IDisposable> _owned = [];
    private Action _run = () => { };
    private Func<float[]> _output = () => [];
    private Yardstick? _naive;

    /// <summary>The case of this measurement.</summary>
    [ParamsSource(nameof(Cases))]
    public ResizeGeometry Case { get; set; }

    /// <summary>The shorter side to 256, then the middle.</summary>
    public static IEnumerable<ResizeGeometry> Cases =>
        [
            new(new(256, 256, 16, 224), new(256, 256, 16, 224)),
            new(new(480, 256, 16, 224), new(640, 341, 58, 224)),
            new(new(3000, 256, 16, 224), new(4000, 341, 58, 224)),
        ];

    [GlobalSetup]
    public void Prepare()
    {
        var (vertical, horizontal) = Case;
        var length = vertical.Source * horizontal.Source * 3;
        byte[] pixels = [.. Enumerable.Range(0, length).Select(i => (byte)(i * 31 % 251))];
        var output = new float[vertical.Length * horizontal.Length * 3];
        (_run, _output) = Device == Cpu ? OnCpu(pixels, output) : OnAccelerator(pixels, output);
        _naive = NaiveResize.Bilinear(pixels, Case, s_normalization);
    }

    /// <summary>A plain loop.</summary>
    [Benchmark(Baseline = true)]
    public void Naive() => _naive!.Execute();

    [Benchmark]
    public void Run() => _run();

    /// <summary>What the two computed: the operation first, then the yardstick.</summary>
    internal IReadOnlyList<float[]> Outputs() => [_output(), _naive!.Output()];

    [GlobalCleanup]
    public void Release() => _owned.ForEach(part => part.Dispose());

    private (Action Run, Func<float[]> Output) OnCpu(byte[] pixels, float[] output)
    {
        var (resize, geometry) = (new SimdResizeNormalize(s_filter, s_normalization), Case);
        return (() => resize.Run(pixels, geometry, output), () => output);
    }

    private (Action Run, Func<float[]> Output) OnAccelerator(byte[] pixels, float[] output)
    {
        var (accelerator, geometry) = (TestDevice.Shared.Accelerator, Case);
        var stream = Own(accelerator.CreateStream());
        var (source, destination) = (
            Own(accelerator.Allocate1D(pixels)).View,
            Own(accelerator.Allocate1D(output)).View
        );
        var (vertical, horizontal) = geometry;
        var resize = Own(
            new GpuResizeNormalize(
                accelerator,
                s_filter,
                s_normalization,
                new(new(vertical.Source, horizontal.Source), new(vertical.Length, horizontal.Length))
            )
        );
        return (Resize, () => destination.GetAsArray1D());

        void Resize()
        {
            resize.Run(stream, source, geometry, destination);
            stream.Synchronize();
        }
    }

    private T Own<T>(T part)
        where T : IDisposable
    {
        _owned.Add(part);
        return part;
    }
}
