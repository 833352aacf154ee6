using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ILGpuMobileNet.Reference.Goldens;

/// <summary>
/// Outputs of the networks as PyTorch computes them (<c>eng/network-goldens.py</c>), and their counted totals. The
/// files lie beside the test assembly that copies them.
/// </summary>
public static class GoldenCases
{
    private static readonly JsonSerializerOptions s_options = new(JsonSerializerDefaults.Web)
    {
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>Every network and block with an expected output.</summary>
    public static ImmutableArray<GoldenCase> Outputs { get; } = Read<GoldenCase>("goldens.json");

    /// <summary>Parameters and multiply-adds of the networks.</summary>
    public static ImmutableArray<GoldenTotal> Totals { get; } = Read<GoldenTotal>("totals.json");

    /// <summary>The case of a name; theories pass names, which test runners can show.</summary>
    /// <param name="name">Its <see cref="GoldenCase.Name"/>.</param>
    public static GoldenCase Find(string name) => Outputs.Single(golden => golden.Name == name);

    internal static string PathOf(string file) => Path.Combine(AppContext.BaseDirectory, "Goldens", file);

    private static ImmutableArray<T> Read<T>(string file)
    {
        using var stream = File.OpenRead(PathOf(file));
        return JsonSerializer.Deserialize<ImmutableArray<T>>(stream, s_options);
    }
}
