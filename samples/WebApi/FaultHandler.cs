using ILGpuMobileNet.Host.Images;
using ILGpuMobileNet.Host.Serving;
using ILGpuMobileNet.Network.Execution;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;

namespace ILGpuMobileNet.WebApi;

/// <summary>Says in HTTP's terms what the library's exceptions mean.</summary>
internal sealed class FaultHandler(IProblemDetailsService problems) : IExceptionHandler
{
    /// <inheritdoc/>
    public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception fault, CancellationToken stop)
    {
        if (StatusOf(fault) is not { } status)
        {
            return false;
        }
        context.Response.StatusCode = status;
        if (status == StatusCodes.Status503ServiceUnavailable)
        {
            context.Response.Headers.RetryAfter = "1";
        }
        var problem = new ProblemDetails { Status = status, Detail = fault.Message };
        return await problems.TryWriteAsync(new() { HttpContext = context, ProblemDetails = problem });
    }

    private static int? StatusOf(Exception fault) =>
        fault switch
        {
            ImageFormatException => StatusCodes.Status400BadRequest,
            BadHttpRequestException bad => bad.StatusCode,
            TimeoutException => StatusCodes.Status504GatewayTimeout,
            QueueFullException or DeviceException or ObjectDisposedException => StatusCodes.Status503ServiceUnavailable,
            _ => null,
        };
}
