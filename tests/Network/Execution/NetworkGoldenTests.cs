using ILGpuMobileNet.Kernels.Simd;
using ILGpuMobileNet.Network.Execution;
using ILGpuMobileNet.Reference.Goldens;

namespace ILGpuMobileNet.Network.Tests.Execution;

/// <summary>Every network and block against PyTorch's output for the same weights and images.</summary>
public sealed class NetworkGoldenTests
{
    public static TheoryData<string> Names { get; } = [.. GoldenCases.Outputs.Select(golden => golden.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Matches_PyTorch(string name)
    {
        var golden = GoldenCases.Find(name);
        using var session = new CpuSession(GoldenNetworks.Model(golden), new(golden.Batch));
        GoldenNetworks.AssertClose(golden, GoldenNetworks.Run(session, GoldenNetworks.Input(golden), golden.Batch));
    }

    [Theory]
    [InlineData(SimdWidth.Vector128)]
    [InlineData(SimdWidth.Vector256)]
    [InlineData(SimdWidth.Vector512)]
    public void Matches_PyTorch_on_every_vector_width(SimdWidth width)
    {
        var golden = GoldenCases.Find("mobilenet_v3_small_97x131_w0.65");
        using var session = new CpuSession(GoldenNetworks.Model(golden), new(golden.Batch, 1), width);
        GoldenNetworks.AssertClose(golden, GoldenNetworks.Run(session, GoldenNetworks.Input(golden), golden.Batch));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Gives_an_image_the_same_bits_alone_in_any_batch_and_on_any_number_of_threads(string name)
    {
        var golden = GoldenCases.Find(name);
        var model = GoldenNetworks.Model(golden);
        var input = GoldenNetworks.Input(golden);
        using var whole = new CpuSession(model, new(golden.Batch, 3));
        using var single = new CpuSession(model, new(1, 1));
        var expected = GoldenNetworks.Run(whole, input, golden.Batch);
        Assert.Equal(expected, GoldenNetworks.Run(whole, input, golden.Batch));
        var alone = input.Chunk(input.Length / golden.Batch).SelectMany(image => GoldenNetworks.Run(single, image, 1));
        Assert.Equal(expected, alone);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Output_depends_on_the_image(string name)
    {
        var golden = GoldenCases.Find(name);
        var output = GoldenNetworks.Output(golden);
        var images = output.Chunk(output.Length / golden.Batch).ToArray();
        var difference = images[0].Zip(images[1], (a, b) => Math.Abs(a - b)).Max();
        Assert.True(difference >= 0.03 * output.Max(Math.Abs));
    }
}
