using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ILGpuMobileNet.Host.Serving;
using ILGpuMobileNet.Reference;
using ILGpuMobileNet.WebApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace ILGpuMobileNet.DependencyInjection.Tests;

/// <summary>The sample, on a port of this machine.</summary>
public sealed class PictureServiceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Answers_a_body_and_a_form_alike()
    {
        await using var app = await StartAsync();
        using var client = ClientOf(app);
        var picture = await File.ReadAllBytesAsync(_folder.WriteImage("a.ppm", 1));
        using var body = new ByteArrayContent(picture);
        using var fromCurl = new ByteArrayContent(picture)
        {
            Headers = { ContentType = new("application/x-www-form-urlencoded") },
        };
        using var file = new ByteArrayContent(picture);
        using var form = new MultipartFormDataContent { { file, "picture", "a.ppm" } };

        var fromBody = await (await client.PostAsync("/classify", body)).Content.ReadAsStringAsync();
        var fromCurlsBody = await (await client.PostAsync("/classify", fromCurl)).Content.ReadAsStringAsync();
        var fromForm = await (await client.PostAsync("/classify", form)).Content.ReadAsStringAsync();

        Assert.Equal((fromBody, fromBody), (fromCurlsBody, fromForm));
        Assert.Equal(5, JsonDocument.Parse(fromBody).RootElement.GetArrayLength());
        Assert.Equal("Healthy", await client.GetStringAsync("/health"));
    }

    [Fact]
    public async Task What_is_no_picture_is_the_clients_fault()
    {
        await using var app = await StartAsync("--MaximalUploadBytes=5000");
        using var client = ClientOf(app);
        using var text = new ByteArrayContent("no picture"u8.ToArray());
        using var large = new ByteArrayContent(new byte[5001]);
        using var empty = new MultipartFormDataContent { { new StringContent("text"), "name" } };
        using var broken = new ByteArrayContent("--x"u8.ToArray());
        broken.Headers.ContentType = new("multipart/form-data") { Parameters = { new("boundary", "x") } };

        await AssertProblemAsync(await client.PostAsync("/classify", text), HttpStatusCode.BadRequest, "no image");
        await AssertProblemAsync(await client.PostAsync("/classify", empty), HttpStatusCode.BadRequest, "no file");
        await AssertProblemAsync(await client.PostAsync("/classify", broken), HttpStatusCode.BadRequest, "form");
        await AssertProblemAsync(
            await client.PostAsync("/classify", large),
            HttpStatusCode.RequestEntityTooLarge,
            "too large"
        );
    }

    [Fact]
    public async Task A_time_limit_and_a_host_that_has_stopped_are_the_servers()
    {
        await using var app = await StartAsync("--MobileNet:TimeLimit=00:00:00.0000010");
        using var client = ClientOf(app);
        var picture = await File.ReadAllBytesAsync(_folder.WriteImage("a.ppm", 1, 900, 900));
        using var late = new ByteArrayContent(picture);
        using var stopped = new ByteArrayContent(picture);

        await AssertProblemAsync(await client.PostAsync("/classify", late), HttpStatusCode.GatewayTimeout, "within");
        await app.Services.GetRequiredService<MobileNetHost>().DisposeAsync();
        var response = await client.PostAsync("/classify", stopped);

        Assert.Equal("1", response.Headers.GetValues("Retry-After").Single());
        await AssertProblemAsync(response, HttpStatusCode.ServiceUnavailable, "disposed");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await client.GetAsync("/health")).StatusCode);
    }

    [Fact]
    public async Task A_full_queue_asks_the_client_to_come_again()
    {
        await using var app = await StartAsync("--MobileNet:QueueCapacity=1", "--MobileNet:TimeLimit=00:10:00");
        using var client = ClientOf(app);
        var host = app.Services.GetRequiredService<MobileNetHost>();
        var bytes = await File.ReadAllBytesAsync(_folder.WriteImage("a.ppm", 1));
        using var blocked = new BlockedMemory<byte>(bytes);
        using var picture = new ByteArrayContent(bytes);
        var before = host.ClassifyAsync(blocked.Values);

        var response = await client.PostAsync("/classify", picture);

        Assert.Equal("1", response.Headers.GetValues("Retry-After").Single());
        await AssertProblemAsync(response, HttpStatusCode.ServiceUnavailable, "1 calls are under way");
        Assert.Equal("Healthy", await client.GetStringAsync("/health")); // full, but in order
        blocked.Release();
        Assert.Null((await before).Error);
    }

    [Fact]
    public async Task A_client_who_goes_away_frees_his_place()
    {
        await using var app = await StartAsync(
            "--MobileNet:QueueCapacity=1",
            "--MobileNet:WhenFull=Wait",
            "--MobileNet:TimeLimit=00:10:00"
        );
        using var client = ClientOf(app);
        var host = app.Services.GetRequiredService<MobileNetHost>();
        var bytes = await File.ReadAllBytesAsync(_folder.WriteImage("a.ppm", 1));
        using var blocked = new BlockedMemory<byte>(bytes);
        using var body = new ByteArrayContent(bytes);
        using var leaving = new CancellationTokenSource();
        var before = host.ClassifyAsync(blocked.Values);
        var posted = client.PostAsync("/classify", body, leaving.Token);
        await Patience.UntilAsync(() => host.CallCount == 2);

        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => posted);
        await Patience.UntilAsync(() => host.CallCount == 1);
        blocked.Release();
        Assert.Null((await before).Error);
        await Patience.UntilAsync(() => host.CallCount == 0);
        Assert.Equal("Healthy", await client.GetStringAsync("/health"));
    }

    private static async Task<WebApplication> StartAsync(params string[] more)
    {
        var app = PictureService.Build([
            $"--contentRoot={Repository.PathOf("samples", "WebApi")}",
            "--urls=http://127.0.0.1:0",
            $"--MobileNet:Model:Model={SmallModel.Name}",
            "--MobileNet:Model:RandomSeed=1",
            "--MobileNet:Devices:0=cpu",
            .. more,
        ]);
        await app.StartAsync();
        return app;
    }

    private static HttpClient ClientOf(WebApplication app) => new() { BaseAddress = new(app.Urls.Single()) };

    private static async Task AssertProblemAsync(HttpResponseMessage response, HttpStatusCode status, string text)
    {
        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Contains(text, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }
}
