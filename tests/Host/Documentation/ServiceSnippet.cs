using Microsoft.Extensions.DependencyInjection;

namespace ILGpuMobileNet.Host.Tests.Documentation;

/// <summary>The README's C# block about services, compiled and run.</summary>
internal static class ServiceSnippet
{
    public static void AddTo(IServiceCollection services)
    {
        // snippet
        services.AddMobileNet(options =>
        {
            options.Model = new() { Model = "mobilenet_v3_small-047dcff4.pth" };
            options.Devices = [DeviceName.Parse("cuda:0"), DeviceName.Cpu];
            options.MaximalDelay = TimeSpan.FromMilliseconds(2);
        });
        services.AddHealthChecks().AddMobileNet();
        // end of snippet
    }
}
