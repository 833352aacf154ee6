using ILGpuMobileNet.Host.Bulk;
using ILGpuMobileNet.Host.Serving;
using ILGpuMobileNet.Network.Weights;
using ILGpuMobileNet.Reference;

namespace ILGpuMobileNet.Host.Tests.Bulk;

/// <summary>Bulk jobs on a host, and what their results depend on.</summary>
public sealed class HostedBulkTests : IDisposable
{
    private static readonly ModelOptions Model = new() { Model = "mobilenet_v2_relu", RandomSeed = 1 };
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_job_on_a_host_is_resumed_with_the_results_of_each_image_alone()
    {
        var paths = Enumerable.Range(0, 20).Select(i => _folder.WriteImage($"{i}.ppm", i)).ToList();
        await using var host = await StartAsync(Model);
        var options = new BulkOptions
        {
            Output = _folder.PathOf("r.csv"),
            Resume = true,
            TopCount = host.TopCount,
            Provenance = host.Provenance,
        };

        var results = new List<ClassificationResult>();
        foreach (var count in new[] { 7, 20 })
        {
            using var job = await BulkJob.OpenAsync(options);
            var some = paths.Take(count).ToAsyncEnumerable();
            results.AddRange(await job.RunAsync(some, host.ClassifyManyAsync).ToListAsync());
        }

        Assert.Equal(paths, results.Select(result => result.File));
        foreach (var result in results)
        {
            Assert.Equal((await host.ClassifyAsync(result.File)).Predictions, result.Predictions);
        }
        Assert.Equal(21, File.ReadAllLines(options.Output).Length);
    }

    [Fact]
    public async Task No_more_classes_are_listed_than_there_are()
    {
        await using var host = await StartAsync(Model, options => options.TopCount = 99);

        Assert.Equal(10, host.TopCount);
    }

    [Fact]
    public async Task What_changes_results_changes_one_item_of_the_provenance()
    {
        var known = await ProvenanceAsync(Model);
        var labels = _folder.Write("labels.txt", string.Join('\n', Enumerable.Range(0, 10)));

        Assert.Equal(known, await ProvenanceAsync(Model));
        Assert.Equal(["network"], Changed(known, await ProvenanceAsync(Model with { RandomSeed = 2 })));
        Assert.Equal(["labels"], Changed(known, await ProvenanceAsync(Model, options => options.Labels = labels)));
        Assert.Equal(
            ["antialias"],
            Changed(known, await ProvenanceAsync(Model with { PreprocessingChanges = new() { Antialias = false } }))
        );
        Assert.Contains("input", Changed(known, await ProvenanceAsync(Model with { Resolution = new(48, 48) })));
    }

    [Fact]
    public async Task Numerics_are_part_of_the_network()
    {
        var numerics = new NumericsOptions { BatchNormEpsilon = 0.01, Force = true };

        var known = await ProvenanceAsync(Model);

        Assert.Equal(["network"], Changed(known, await ProvenanceAsync(Model with { Numerics = numerics })));
    }

    [Fact]
    public async Task A_network_without_classes_has_a_provenance_too()
    {
        var options = new MobileNetHostOptions
        {
            Model = new() { Model = "mobilenet_v1_enhance", RandomSeed = 1 },
        };
        await using var host = await MobileNetHost.StartAsync(options);

        Assert.Equal(0, host.TopCount);
        Assert.Contains("network", host.Provenance.Keys);
    }

    [Fact]
    public async Task An_image_whose_output_is_no_number_has_an_error_and_the_job_goes_on()
    {
        var random = ModelSource.Load(Model).Model;
        var bias = random.Graph.Parameters.Last();
        var nan = new Tensor(bias.Shape, Enumerable.Repeat(float.NaN, (int)bias.ElementCount).ToArray());
        var weights = _folder.PathOf("w.safetensors");
        Safetensors.Write(weights, random.Weights with { Tensors = random.Weights.Tensors.SetItem(bias.Name, nan) });
        await using var host = await StartAsync(new() { Model = Model.Model, Weights = weights });
        string[] paths = [_folder.WriteImage("a.ppm", 1), _folder.WriteImage("b.ppm", 2)];

        var results = await host.ClassifyManyAsync(paths.ToAsyncEnumerable()).ToListAsync();

        Assert.Equal(paths, results.Select(result => result.File));
        Assert.All(
            results,
            result => Assert.Contains("expected a finite number", result.Error, StringComparison.Ordinal)
        );
    }

    private static Task<MobileNetHost> StartAsync(ModelOptions model, Action<MobileNetHostOptions>? configure = null)
    {
        var options = new MobileNetHostOptions { Model = model, Devices = [DeviceName.Cpu] };
        configure?.Invoke(options);
        return MobileNetHost.StartAsync(options);
    }

    private static async Task<IReadOnlyDictionary<string, string>> ProvenanceAsync(
        ModelOptions model,
        Action<MobileNetHostOptions>? configure = null
    )
    {
        await using var host = await StartAsync(model, configure);
        return host.Provenance;
    }

    private static IEnumerable<string> Changed(
        IReadOnlyDictionary<string, string> known,
        IReadOnlyDictionary<string, string> other
    ) => known.Where(item => other[item.Key] != item.Value).Select(item => item.Key);
}
