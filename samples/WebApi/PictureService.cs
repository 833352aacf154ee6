using ILGpuMobileNet.Host.Serving;

namespace ILGpuMobileNet.WebApi;

/// <summary>A web service that says what is on a picture.</summary>
public static class PictureService
{
    /// <summary>Makes it, from appsettings.json, the environment and the command line.</summary>
    public static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddMobileNet(builder.Configuration.GetSection("MobileNet"));
        builder.Services.AddHealthChecks().AddMobileNet();
        builder.Services.AddProblemDetails().AddExceptionHandler<FaultHandler>();
        builder.WebHost.ConfigureKestrel(server =>
            server.Limits.MaxRequestBodySize = builder.Configuration.GetValue<long>("MaximalUploadBytes")
        );
        var app = builder.Build();
        app.UseExceptionHandler();
        app.MapHealthChecks("/health");
        app.MapPost("/classify", ClassifyAsync);
        return app;
    }

    // RequestAborted: the place of a client who goes away is free at once; ASP.NET Core itself takes what that throws.
    private static async Task<IResult> ClassifyAsync(HttpRequest request, MobileNetHost host)
    {
        var stop = request.HttpContext.RequestAborted;
        var picture = await Upload.ReadAsync(request, stop);
        var result = await host.ClassifyAsync(picture, "upload", cancellationToken: stop);
        return Results.Ok(result.Predictions.Select(best => new { best.Label, best.Score }));
    }
}
