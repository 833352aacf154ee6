using System.Collections.Immutable;

namespace ILGpuMobileNet.Network.Onnx;

/// <summary>Decodes the messages of ONNX's schema that describe tensors; see <see cref="OnnxParser"/>.</summary>
internal static class OnnxTensorParser
{
    /// <summary>Decodes a <c>TensorProto</c> without its elements.</summary>
    /// <param name="message">The other fields.</param>
    /// <param name="elements">Where the elements are.</param>
    public static OnnxTensor Tensor(WireMessage message, OnnxElements elements)
    {
        var tensor = new OnnxTensor("", [], OnnxDataType.Undefined, elements, External: null);
        var place = new OnnxExternalPlace();
        var isExternal = false;
        var dims = ImmutableArray.CreateBuilder<long>();
        foreach (var field in message.Fields())
        {
            switch (field.Number)
            {
                case 1:
                    dims.AddRange(field.Int64Elements());
                    break;
                case 2:
                    tensor = tensor with { Type = (OnnxDataType)field.Int64 };
                    break;
                case 8:
                    tensor = tensor with { Name = field.Text };
                    break;
                case 13:
                    place = With(place, field.Bytes);
                    break;
                case 14:
                    isExternal = field.Int64 == 1;
                    break;
            }
        }
        return tensor with { Dims = dims.ToImmutable(), External = isExternal ? place : null };
    }

    private static OnnxExternalPlace With(OnnxExternalPlace place, WireMessage entry)
    {
        // StringStringEntryProto: key = 1, value = 2.
        var (key, value) = ("", "");
        foreach (var field in entry.Fields())
        {
            (key, value) = field.Number switch
            {
                1 => (field.Text, value),
                2 => (key, field.Text),
                _ => (key, value),
            };
        }
        return key switch
        {
            "location" => place with { Location = value },
            "offset" => place with { Offset = value },
            "length" => place with { Length = value },
            _ => place,
        };
    }

    /// <summary>Decodes a <c>ValueInfoProto</c>.</summary>
    /// <param name="message">The encoded message.</param>
    public static OnnxValueInfo ValueInfo(WireMessage message)
    {
        var info = new OnnxValueInfo("", OnnxDataType.Undefined, default);
        foreach (var field in message.Fields())
        {
            info = field.Number switch
            {
                1 => info with { Name = field.Text },
                2 => TensorType(info, field.Bytes),
                _ => info,
            };
        }
        return info;
    }

    private static OnnxValueInfo TensorType(OnnxValueInfo info, WireMessage type)
    {
        // TypeProto.tensor_type = 1; TypeProto.Tensor: elem_type = 1, shape = 2; TensorShapeProto.dim = 1.
        foreach (var field in type.Fields().Where(field => field.Number == 1).SelectMany(field => field.Bytes.Fields()))
        {
            info = field.Number switch
            {
                1 => info with { Type = (OnnxDataType)field.Int64 },
                2 => info with { Dims = [.. field.Bytes.Fields().Where(dim => dim.Number == 1).Select(Dimension)] },
                _ => info,
            };
        }
        return info;
    }

    private static long? Dimension(WireField dimension)
    {
        // Dimension.dim_value = 1; a dim_param (2) or nothing at all is symbolic.
        long? size = null;
        foreach (var field in dimension.Bytes.Fields().Where(field => field.Number == 1))
        {
            size = field.Int64;
        }
        return size;
    }
}
