using System.Text.Json.Serialization;

namespace ILGpuMobileNet.Host.Load;

/// <summary>How a load generator asks a host. All but <see cref="Callers"/> are the scenarios of MLPerf Inference.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LoadScenario>))]
public enum LoadScenario
{
    /// <summary>One image, and the next when it is answered; what counts is the 90th percentile of the latencies.</summary>
    [JsonStringEnumMemberName("single-stream")]
    SingleStream,

    /// <summary>Several images at once, and the next when all are answered; what counts is the 99th percentile.</summary>
    [JsonStringEnumMemberName("multi-stream")]
    MultiStream,

    /// <summary>
    /// Images that arrive at random, at a rate, whether or not the ones before are answered (a Poisson process); what
    /// counts is the rate at which the 99th percentile of the latencies keeps within a bound.
    /// </summary>
    [JsonStringEnumMemberName("server")]
    Server,

    /// <summary>All images are there at once; what counts is how many are answered a second.</summary>
    [JsonStringEnumMemberName("offline")]
    Offline,

    /// <summary>Several callers, each with its own image, which it sends again when it is answered.</summary>
    [JsonStringEnumMemberName("callers")]
    Callers,
}
