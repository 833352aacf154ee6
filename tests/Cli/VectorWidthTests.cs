using ILGpuMobileNet.Kernels.Simd;
using ILGpuMobileNet.Network.Weights;
using ILGpuMobileNet.Reference;
using ILGpuMobileNet.Reference.Operations;

namespace ILGpuMobileNet.Cli.Tests;

/// <summary>
/// The tool where the JIT finds no AVX-512, or no AVX2 and so no fused multiply-add: other tests take narrow vectors too,
/// but have them compiled with every instruction of this machine.
/// </summary>
public sealed class VectorWidthTests : IDisposable
{
    private const double Tolerance = 1e-4; // as the networks' goldens

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("DOTNET_EnableAVX512", SimdWidth.Vector256)]
    [InlineData("DOTNET_EnableAVX2", SimdWidth.Vector128)]
    public void Without_an_instruction_set_the_width_is_smaller_and_the_output_the_same(string set, SimdWidth width)
    {
        Npy.Write(_folder.PathOf("x.npy"), new Tensor([1, 3, 96, 128], TestValues.Uniform(1, 3 * 96 * 128)));
        var narrower = (SimdWidth)Math.Min((int)width, (int)Simd.Preferred);

        Assert.StartsWith($"{Simd.Preferred}, ", DescriptionOfCpu(), StringComparison.Ordinal);
        Assert.StartsWith($"{narrower}, ", DescriptionOfCpu((set, "0")), StringComparison.Ordinal);

        var expected = Output().Select(value => (double)value).ToList();
        Assert.InRange(Closeness.RelativeError(expected, Output((set, "0"))), 0, Tolerance);
    }

    private static string DescriptionOfCpu(params (string Name, string Value)[] variables) =>
        ToolProcess.Run(["devices", "--json"], variables).Json[0].GetProperty("description").GetString()!;

    private float[] Output(params (string Name, string Value)[] variables)
    {
        var (input, output) = (_folder.PathOf("x.npy"), _folder.PathOf("y.npy"));
        string[] command = ["run", "mobilenet_v3_small", "--random-weights", "1", "--input", input, "--output", output];
        Assert.Equal(ExitCode.Done, ToolProcess.Run(command, variables).Code);
        return [.. Npy.Read(output).Data.Span];
    }
}
