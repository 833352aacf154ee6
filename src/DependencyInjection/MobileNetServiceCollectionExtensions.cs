using System.Diagnostics.Metrics;
using ILGpuMobileNet.DependencyInjection;
using ILGpuMobileNet.Host;
using ILGpuMobileNet.Host.Serving;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds MobileNet hosts to an application's services.</summary>
public static class MobileNetServiceCollectionExtensions
{
    /// <summary>
    /// Adds a <see cref="MobileNetHost"/> that starts and stops with the application, and its options, which are checked
    /// at the start. Where it is resolved before, or without an application, it starts then, and the thread waits.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets options; null leaves that to the result.</param>
    /// <returns>The options. They begin with no device, and none means <see cref="DeviceName.Auto"/>.</returns>
    public static OptionsBuilder<MobileNetHostOptions> AddMobileNet(
        this IServiceCollection services,
        Action<MobileNetHostOptions>? configure = null
    )
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton(provider => HostedIn(provider, Options.Options.DefaultName).Host);
        return AddNamed(services, Options.Options.DefaultName, configure);
    }

    /// <summary>
    /// Adds a <see cref="MobileNetHost"/> whose options come from configuration; else as
    /// <see cref="AddMobileNet(IServiceCollection, Action{MobileNetHostOptions}?)"/>.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="section">The options. What is unknown there, or cannot be read, ends the start.</param>
    public static OptionsBuilder<MobileNetHostOptions> AddMobileNet(
        this IServiceCollection services,
        IConfiguration section
    ) => services.AddMobileNet().BindStrictly(section);

    /// <summary>
    /// Adds a <see cref="MobileNetHost"/> as a keyed service, for applications with several; else as
    /// <see cref="AddMobileNet(IServiceCollection, Action{MobileNetHostOptions}?)"/>.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="key">The service's key and the name of its options, and of the host unless these give it another.</param>
    /// <param name="configure">Sets options; null leaves that to the result.</param>
    /// <returns>The options. They begin with no device, and none means <see cref="DeviceName.Auto"/>.</returns>
    public static OptionsBuilder<MobileNetHostOptions> AddKeyedMobileNet(
        this IServiceCollection services,
        string key,
        Action<MobileNetHostOptions>? configure = null
    )
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrEmpty(key);
        services.TryAddKeyedSingleton(key, (provider, _) => HostedIn(provider, key).Host);
        return AddNamed(services, key, configure);
    }

    /// <summary>
    /// Adds a <see cref="MobileNetHost"/> as a keyed service whose options come from configuration; else as
    /// <see cref="AddMobileNet(IServiceCollection, Action{MobileNetHostOptions}?)"/>.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="key">The service's key and the name of its options, and of the host unless these give it another.</param>
    /// <param name="section">The options. What is unknown there, or cannot be read, ends the start.</param>
    public static OptionsBuilder<MobileNetHostOptions> AddKeyedMobileNet(
        this IServiceCollection services,
        string key,
        IConfiguration section
    ) => services.AddKeyedMobileNet(key).BindStrictly(section);

    /// <summary>What starts a host.</summary>
    /// <param name="provider">The application's services.</param>
    /// <param name="name">Its name.</param>
    internal static HostedMobileNet HostedIn(IServiceProvider provider, string name) =>
        provider.GetRequiredKeyedService<HostedMobileNet>(name);

    private static OptionsBuilder<MobileNetHostOptions> AddNamed(
        IServiceCollection services,
        string name,
        Action<MobileNetHostOptions>? configure
    )
    {
        var options = services.AddOptions<MobileNetHostOptions>(name);
        if (!services.Any(known => known.ServiceType == typeof(HostedMobileNet) && name.Equals(known.ServiceKey)))
        {
            services.TryAddEnumerable(
                ServiceDescriptor.Singleton<IValidateOptions<MobileNetHostOptions>, MobileNetHostOptionsCheck>()
            );
            services.AddKeyedSingleton(
                name,
                (provider, _) => new HostedMobileNet(stop => StartAsync(provider, name, stop))
            );
            services.AddSingleton<IHostedService>(provider => HostedIn(provider, name));
            options.Configure(host => Prepare(host, name)).PostConfigure(UseAutoWithoutDevice).ValidateOnStart();
        }
        return configure is null ? options : options.Configure(configure);
    }

    // Otherwise a misspelt device is left out of the list without a word, and another one used.
    private static OptionsBuilder<MobileNetHostOptions> BindStrictly(
        this OptionsBuilder<MobileNetHostOptions> options,
        IConfiguration section
    ) => options.Bind(section, binder => binder.ErrorOnUnknownConfiguration = true);

    // Configuration adds to a list that is there: with the default in it, "cpu" would mean "auto and cpu". What was
    // configured before stays.
    private static void Prepare(MobileNetHostOptions host, string name)
    {
        host.Devices = host.Devices is [{ Kind: DeviceKind.Auto }] ? [] : host.Devices;
        host.Name ??= name.Length > 0 ? name : null;
    }

    private static void UseAutoWithoutDevice(MobileNetHostOptions options)
    {
        if (options.Devices is { Count: 0 })
        {
            options.Devices = [DeviceName.Auto];
        }
    }

    private static Task<MobileNetHost> StartAsync(
        IServiceProvider provider,
        string name,
        CancellationToken cancellationToken
    ) =>
        MobileNetHost.StartAsync(
            provider.GetRequiredService<IOptionsMonitor<MobileNetHostOptions>>().Get(name),
            provider.GetService<ILoggerFactory>(),
            provider.GetService<IMeterFactory>(),
            cancellationToken
        );
}
