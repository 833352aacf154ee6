using System.Collections.Immutable;
using ILGpuMobileNet.Network.Architectures;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Network.Tests.Forms;

/// <summary>Files whose names and shapes are nonsense are identified or refused, in bounded time and memory.</summary>
public sealed class FormFuzzTests
{
    private const int CaseCount = 150;
    private const int MostChanges = 6;
    private const int TensorsOfALargeFile = 20_000;

    private static readonly string[] _names =
    [
        "",
        ".",
        "/",
        "features.0.0.weight",
        "a/Conv1/kernel",
        "x.conv_stem.weight",
        "Conv1/kernel:0",
        "num_batches_tracked",
        "global_step",
    ];

    private static readonly ImmutableArray<int>[] _shapes =
    [
        [],
        [0],
        [1],
        [int.MaxValue],
        [int.MaxValue, int.MaxValue, int.MaxValue, int.MaxValue],
        [-1, 3, 3, 3],
        [1, 1, 1, 1, 1],
        [1_000_000],
        [2_000_000],
    ];

    [Fact]
    public void Mutated_files_are_identified_and_bound_or_refused()
    {
        var bound = 0;
        for (var seed = 0; seed < CaseCount; seed++)
        {
            var random = new Random(seed);
            var golden = FormGolden.All[random.Next(FormGolden.All.Count)];
            using var file = Mutated(golden, random);
            var fits = WeightIdentity.Identify(file);
            Assert.All(fits, fit => Assert.InRange(fit.Share, 0, 1));
            bound += fits.Count(fit => Binds(file, fit));
        }
        Assert.InRange(bound, 1, CaseCount * 2);
    }

    [Fact]
    public void A_file_of_very_many_tensors_takes_no_time()
    {
        var tensors = Enumerable
            .Range(0, TensorsOfALargeFile)
            .Select(index => ($"p{index}/Conv1/kernel", new[] { 3, 3, 3, 32 }));
        using var file = MemoryWeightFile.Zeros("many", tensors);
        Assert.All(WeightIdentity.Identify(file), fit => Assert.False(fit.IsExact));
        var v2 = ArchitectureCatalog.Get("mobilenet_v2");
        var fault = Assert.Throws<ModelFormatException>(() =>
            WeightBinding.Bind(file, v2.Build(new() { Form = "keras" }), v2.FormOf("keras"))
        );
        Assert.InRange(fault.Message.Length, 1, 50_000);
    }

    private static bool Binds(MemoryWeightFile file, WeightFit fit)
    {
        try
        {
            WeightBinding.Bind(file, fit.Architecture.Build(fit.Options), fit.Form);
            Assert.True(fit.IsExact);
            return true;
        }
        catch (ModelFormatException)
        {
            Assert.False(fit.IsExact);
            return false;
        }
    }

    private static MemoryWeightFile Mutated(FormGolden golden, Random random)
    {
        using var file = golden.OpenFile();
        var tensors = file.Tensors.Select(tensor => (tensor.Name, tensor.Shape)).ToList();
        for (var change = random.Next(MostChanges); change > 0; change--)
        {
            var at = random.Next(tensors.Count);
            tensors[at] = random.Next(4) switch
            {
                0 => (_names[random.Next(_names.Length)], tensors[at].Shape),
                1 => (tensors[at].Name, _shapes[random.Next(_shapes.Length)]),
                2 => tensors[random.Next(tensors.Count)],
                _ => (tensors[at].Name, [.. tensors[at].Shape.Reverse()]),
            };
        }
        return new(
            golden.Name,
            tensors.Select(tensor =>
                (
                    tensor.Name,
                    tensor.Shape,
                    (Func<Tensor>)(() => new(tensor.Shape, new float[tensor.Shape.Aggregate(1, (a, b) => a * b)]))
                )
            )
        );
    }
}
