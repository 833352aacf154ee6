using System.Globalization;
using ILGpuMobileNet.Network.Execution;

namespace ILGpuMobileNet.Cli.Reports;

/// <summary>What <c>summary --memory --json</c> prints.</summary>
/// <param name="Model">Name or file of the model.</param>
/// <param name="Device">The device.</param>
/// <param name="Batch">Largest batch.</param>
/// <param name="Threads">Threads of the CPU; null on a GPU.</param>
/// <param name="Memory">Bytes that a session for this holds.</param>
internal sealed record MemoryReport(string Model, string Device, int Batch, int? Threads, SessionMemory Memory)
{
    /// <summary>Writes the report.</summary>
    /// <param name="output">Receives it.</param>
    /// <param name="isJson">As JSON in place of a table.</param>
    public void Write(TextWriter output, bool isJson)
    {
        if (isJson)
        {
            JsonOutput.Write(output, this, JsonOutput.Indented.MemoryReport);
            return;
        }
        var table = TextTable.Create("Memory", "#Bytes");
        table.Add("weights", Number(Memory.Weights));
        table.Add("images and activations", Number(Memory.Arena));
        table.Add("working memory", Number(Memory.Scratch));
        table.Add("staging, page-locked on the host", Number(Memory.Staging));
        TextTable.Write(output, table);
        var threads = Threads is { } count ? $", threads {count}" : "";
        var sum = Memory.Total + Memory.Staging;
        output.WriteLine($"{Model} on {Device}{threads}, batch {Batch}: {Number(sum)} bytes, {Mebibytes.Of(sum)}");
    }

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
