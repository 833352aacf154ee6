using ILGpuMobileNet.Host.Serving;
using Microsoft.Extensions.Options;

namespace ILGpuMobileNet.DependencyInjection;

/// <summary>Says what is wrong with a host's options before it starts.</summary>
internal sealed class MobileNetHostOptionsCheck : IValidateOptions<MobileNetHostOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, MobileNetHostOptions options)
    {
        try
        {
            options.Checked();
            return ValidateOptionsResult.Success;
        }
        catch (ArgumentException fault)
        {
            return ValidateOptionsResult.Fail(fault.Message);
        }
    }
}
