using ILGpuMobileNet.Host.Serving;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ILGpuMobileNet.DependencyInjection.Tests;

public sealed class HealthCheckTests
{
    [Theory]
    [InlineData(HostStatus.Healthy, HealthStatus.Healthy)]
    [InlineData(HostStatus.Degraded, HealthStatus.Degraded)]
    [InlineData(HostStatus.Unhealthy, HealthStatus.Unhealthy)]
    [InlineData(HostStatus.Stopped, HealthStatus.Unhealthy)]
    public void Every_status_has_its_like(HostStatus status, HealthStatus expected) =>
        Assert.Equal(expected, MobileNetHealthCheck.ResultOf(new(status, []), HealthStatus.Unhealthy).Status);

    [Fact]
    public void The_data_has_the_fault_of_each_session()
    {
        var health = new HostHealth(
            HostStatus.Degraded,
            [new("cuda:0", null), new("cuda:0", "broke."), new("cpu", null)]
        );

        var result = MobileNetHealthCheck.ResultOf(health, HealthStatus.Unhealthy);

        Assert.Equal("cuda:0: broke.", result.Description);
        Assert.Equal(["ok", "broke.", "ok"], new[] { "0 cuda:0", "1 cuda:0", "2 cpu" }.Select(key => result.Data[key]));
    }

    [Fact]
    public void A_host_that_cannot_answer_is_what_the_application_says() =>
        Assert.Equal(HealthStatus.Degraded, MobileNetHealthCheck.ResultOf(null, HealthStatus.Degraded).Status);
}
