using System.Runtime.InteropServices;
using ILGpuMobileNet.Reference.Onnx;

namespace ILGpuMobileNet.Network.Tests.Onnx;

/// <summary>Weights of other widths are read as float32, from raw bytes and from typed lists.</summary>
public class OnnxElementTypeTests
{
    private static readonly float[] s_values = [0, 1, -2.5f, 0.125f, 1024, -0.5f, 3, 7];

    public static TheoryData<int, byte[]> Raw =>
        new()
        {
            { 1, MemoryMarshal.AsBytes(s_values.AsSpan()).ToArray() },
            { 10, Bytes(value => BitConverter.GetBytes((Half)value)) },
            { 16, Bytes(value => BitConverter.GetBytes((ushort)(BitConverter.SingleToUInt32Bits(value) >> 16))) },
            { 11, Bytes(value => BitConverter.GetBytes((double)value)) },
        };

    [Theory]
    [MemberData(nameof(Raw))]
    public void Raw_elements_are_read(int type, byte[] raw) =>
        AssertWeights(OnnxGraphWriter.TensorMessage(type, [2, 4, 1, 1]).Add(9, raw));

    [Theory]
    [InlineData(10)]
    [InlineData(16)]
    public void Listed_halves_are_read(int type)
    {
        var message = OnnxGraphWriter.TensorMessage(type, [2, 4, 1, 1]);
        foreach (var value in s_values)
        {
            var bits =
                type == 10 ? BitConverter.HalfToUInt16Bits((Half)value) : BitConverter.SingleToUInt32Bits(value) >> 16;
            message.Add(5, (long)bits);
        }
        AssertWeights(message);
    }

    [Fact]
    public void Listed_doubles_are_read() =>
        AssertWeights(
            OnnxGraphWriter
                .TensorMessage(11, [2, 4, 1, 1])
                .Add(10, Bytes(value => BitConverter.GetBytes((double)value)))
        );

    private static byte[] Bytes(Func<float, byte[]> encode) => [.. s_values.SelectMany(encode)];

    private static void AssertWeights(MessageWriter tensor)
    {
        var file = new GraphFile().Node("Conv", "x w", "y");
        file.Writer.Raw(5, tensor.Add(8, "w").ToArray());
        Assert.Equal(s_values, file.Read().Weights.Tensors["w"].Data.ToArray());
    }
}
