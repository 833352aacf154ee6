using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ILGpuMobileNet.Cli.Reports;

/// <summary>
/// Writes what is measured and computed: null for NaN, which stands for no number, as readers of JSON have it;
/// <c>"Infinity"</c> is a difference that has no bound.
/// </summary>
internal sealed class NumberConverter : JsonConverter<double>
{
    /// <inheritdoc/>
    public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("The tool's JSON is written only.");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
    {
        if (double.IsFinite(value))
        {
            writer.WriteNumberValue(value);
        }
        else if (double.IsNaN(value))
        {
            writer.WriteNullValue();
        }
        else
        {
            writer.WriteStringValue(value.ToString(CultureInfo.InvariantCulture));
        }
    }
}
