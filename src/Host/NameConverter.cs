using System.ComponentModel;
using System.Globalization;

namespace ILGpuMobileNet.Host;

/// <summary>Reads names for those who know types only at run time, such as configuration.</summary>
/// <param name="parse">Reads one.</param>
internal abstract class NameConverter<T>(Func<string, T> parse) : TypeConverter
{
    /// <inheritdoc/>
    public override bool CanConvertFrom(ITypeDescriptorContext? context, Type sourceType) =>
        sourceType == typeof(string) || base.CanConvertFrom(context, sourceType);

    /// <inheritdoc/>
    public override object? ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value) =>
        value is string text ? parse(text) : base.ConvertFrom(context, culture, value);
}
