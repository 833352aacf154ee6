using ILGpuMobileNet.Network.Execution;

namespace ILGpuMobileNet.Host.Serving;

/// <summary>What a host will take, known before it takes anything: its sessions and its own buffers.</summary>
/// <param name="Sessions">The sessions, weights that are shared counted once.</param>
/// <param name="BufferBytes">Images and results that wait, outside the sessions.</param>
internal sealed record MemoryBudget(IReadOnlyList<DeviceMemory> Sessions, long BufferBytes)
{
    /// <summary>All bytes, on devices and in main memory.</summary>
    public long Total => Sessions.Sum(session => session.Memory.Total + session.Memory.Staging) + BufferBytes;

    /// <summary>Refuses what is more than is allowed.</summary>
    /// <param name="what">The network with what it is built for.</param>
    /// <param name="budgetBytes">What is allowed.</param>
    /// <exception cref="InsufficientMemoryException">It is more; the message spells the sum out.</exception>
    public void CheckFits(string what, long budgetBytes)
    {
        if (Total > budgetBytes)
        {
            var buffers = $"{Mebibytes.Of(BufferBytes)} of images and results that wait";
            throw new InsufficientMemoryException(
                $"{what} needs {Mebibytes.Of(Total)}, the budget is {Mebibytes.Of(budgetBytes)}: "
                    + string.Join(" + ", Sessions.Select(Describe).Append(buffers))
                    + ". Use a smaller batch or input resolution, fewer devices or threads, or a larger budget."
            );
        }
    }

    private static string Describe(DeviceMemory session)
    {
        var memory = session.Memory;
        var sum = Mebibytes.Of(memory.Total + memory.Staging);
        return $"{session.Device} {sum} ({memory.Parts}, {Mebibytes.Of(memory.Staging)} of staging)";
    }
}
