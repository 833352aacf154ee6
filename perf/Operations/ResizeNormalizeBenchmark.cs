using BenchmarkDotNet.Attributes;
using ILGpuMobileNet.Host.Images;
using ILGpuMobileNet.Kernels;

namespace ILGpuMobileNet.Benchmarks.Operations;

/// <summary>A photograph to a network's input, as ImageNet networks want it.</summary>
public class ResizeNormalizeBenchmark
{
    private readonly float[] _pixels = new float[224 * 224 * 3];
    private Preprocessor? _preprocessor;
    private RgbImage? _image;

    /// <summary>Height and width of the photograph.</summary>
    [ParamsSource(nameof(Cases))]
    public Extent Case { get; set; }

    public static IEnumerable<Extent> Cases => [new(256, 256), new(480, 640), new(3000, 4000)];

    [GlobalSetup]
    public void Prepare()
    {
        _preprocessor = new(Preprocessing.ImageNet, new(224, 224, 3));
        var bytes = Enumerable.Range(0, Case.Height * Case.Width * 3).Select(i => (byte)(i * 31 % 251)).ToArray();
        _image = new(Case.Width, Case.Height, bytes);
    }

    [Benchmark]
    public void Run() => _preprocessor!.Run(_image!, _pixels);
}
