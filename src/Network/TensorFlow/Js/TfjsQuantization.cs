using System.Buffers.Binary;
using System.Runtime.InteropServices;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Network.TensorFlow;

/// <summary>How a shard stores numbers in fewer bytes: as float16, or as whole numbers <c>q</c> that stand for
/// <c>Scale·q + Min</c>.</summary>
/// <param name="Type">F16, U8 or U16.</param>
/// <param name="Scale">Distance of neighbouring numbers, above 0.</param>
/// <param name="Min">What 0 stands for.</param>
internal readonly record struct TfjsQuantization(ElementType Type, double Scale, double Min)
{
    /// <summary>Reads a manifest's <c>quantization</c>.</summary>
    /// <param name="json">The object.</param>
    /// <exception cref="ModelFormatException">
    /// Its type is unknown, its scale is not above 0, or numbers would exceed float32.
    /// </exception>
    public static TfjsQuantization Read(TfjsObject json)
    {
        var dtype = json.Text("dtype");
        if (dtype == "float16")
        {
            return new(ElementType.F16, 1, 0);
        }
        var (type, largest) = dtype switch
        {
            "uint8" => (ElementType.U8, byte.MaxValue),
            "uint16" => (ElementType.U16, ushort.MaxValue),
            _ => throw json.Fault($"has dtype '{dtype}', expected uint8, uint16 or float16."),
        };
        var (scale, min) = (json.Number("scale"), json.Number("min"));
        var isUsable = scale > 0 && float.IsFinite((float)min) && float.IsFinite((float)(largest * scale + min));
        return isUsable
            ? new(type, scale, min)
            : throw json.Fault(
                $"has scale {scale} and min {min}; expected a scale above 0 and numbers within float32."
            );
    }

    /// <summary>Decodes elements in double precision, as TensorFlow.js does.</summary>
    /// <param name="source">The bytes of the shard.</param>
    /// <param name="destination">Receives the numbers.</param>
    public void Decode(ReadOnlySpan<byte> source, Span<float> destination)
    {
        for (var i = 0; i < destination.Length; i++)
        {
            destination[i] = Type switch
            {
                ElementType.F16 => (float)BinaryPrimitives.ReadHalfLittleEndian(source[(2 * i)..]),
                ElementType.U8 => (float)(source[i] * Scale + Min),
                _ => (float)(MemoryMarshal.Cast<byte, ushort>(source)[i] * Scale + Min),
            };
        }
    }
}
