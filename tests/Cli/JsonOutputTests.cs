using System.Text.Json;
using ILGpuMobileNet.Cli.Reports;
using ILGpuMobileNet.Host.Comparison;
using ILGpuMobileNet.Host.Load;

namespace ILGpuMobileNet.Cli.Tests;

public sealed class JsonOutputTests
{
    [Fact]
    public void Times_that_there_are_none_of_are_null()
    {
        var json = JsonSerializer.Serialize(All(double.NaN), JsonOutput.Line.Percentiles);

        Assert.All(
            JsonDocument.Parse(json).RootElement.EnumerateObject(),
            time => Assert.Equal(JsonValueKind.Null, time.Value.ValueKind)
        );
        Assert.Contains(
            "\"p50\":1.5,",
            JsonSerializer.Serialize(All(1.5), JsonOutput.Line.Percentiles),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Activations_and_differences_that_are_not_finite_keep_their_names()
    {
        var layer = new LayerDifference("a", "a", "1x1x1", Diverges: true)
        {
            Difference = double.PositiveInfinity,
            Place = new(0, 0, 0, 0, float.NaN, float.NegativeInfinity),
        };

        var json = JsonDocument.Parse(JsonSerializer.Serialize(layer, JsonOutput.Line.LayerDifference)).RootElement;

        Assert.Equal("Infinity", json.GetProperty("difference").GetString());
        Assert.Equal("NaN", json.GetProperty("place").GetProperty("a").GetString());
        Assert.Equal("-Infinity", json.GetProperty("place").GetProperty("b").GetString());
        Assert.Equal(JsonValueKind.Null, json.GetProperty("largest_value").ValueKind);
    }

    private static Percentiles All(double time) => new(time, time, time, time, time, time, time, time, time);
}
