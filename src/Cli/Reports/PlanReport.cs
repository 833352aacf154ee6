using System.Globalization;
using ILGpuMobileNet.Network.Execution;

namespace ILGpuMobileNet.Cli.Reports;

/// <summary>What <c>summary --plan</c> prints.</summary>
internal static class PlanReport
{
    /// <summary>Writes a plan.</summary>
    /// <param name="output">Receives it.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="isJson">As JSON in place of a table.</param>
    public static void Write(TextWriter output, PlanSummary plan, bool isJson)
    {
        if (isJson)
        {
            JsonOutput.Write(output, plan, JsonOutput.Indented.PlanSummary);
            return;
        }
        var table = TextTable.Create("Step", "Operation", "Output", "#Launches", "#Bytes");
        foreach (var step in plan.Steps)
        {
            table.Add(
                step.Name,
                step.Operation,
                string.Join('x', step.Output),
                Number(step.Launches),
                Number(step.Bytes)
            );
        }
        TextTable.Write(output, table);
        var memory = plan.Memory;
        output.WriteLine(
            $"{plan.Model}, batch {plan.Batch}: {Number(plan.Launches)} launches, at least {Number(plan.Bytes)} bytes moved"
        );
        output.WriteLine(
            $"{Number(memory.Total)} bytes on the device ({Number(memory.Weights)} weights, {Number(memory.Arena)} images "
                + $"and activations), {Number(memory.Staging)} page-locked on the host"
        );
    }

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
