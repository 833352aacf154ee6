using ILGpuMobileNet.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds checks of MobileNet hosts to an application's health.</summary>
public static class MobileNetHealthChecksBuilderExtensions
{
    /// <summary>
    /// Adds a check of a host: healthy, degraded while some devices are out, else not loaded, without a device, or
    /// stopped. Its data has the fault of each session, or <c>ok</c>.
    /// </summary>
    /// <param name="builder">The checks.</param>
    /// <param name="name">Name of the check.</param>
    /// <param name="key">The host's key; null for the one that has none.</param>
    /// <param name="failureStatus">What is reported of a host that cannot answer; null means unhealthy.</param>
    /// <param name="tags">Tags of the check; null for none.</param>
    public static IHealthChecksBuilder AddMobileNet(
        this IHealthChecksBuilder builder,
        string name = "mobilenet",
        string? key = null,
        HealthStatus? failureStatus = null,
        IEnumerable<string>? tags = null
    )
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(
            new(
                name,
                provider => new MobileNetHealthCheck(
                    MobileNetServiceCollectionExtensions.HostedIn(provider, key ?? Options.Options.DefaultName)
                ),
                failureStatus,
                tags
            )
        );
    }
}
