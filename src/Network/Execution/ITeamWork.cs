namespace ILGpuMobileNet.Network.Execution;

/// <summary>Work in items that the threads of a <see cref="WorkerTeam"/> share, in any order.</summary>
internal unsafe interface ITeamWork
{
    /// <summary>Does one item.</summary>
    /// <param name="item">From 0 to the number of items - 1.</param>
    /// <param name="thread">Number of the thread that does it; the caller of the team is 0.</param>
    /// <param name="scratch">Working memory of that thread.</param>
    void Run(int item, int thread, float* scratch);
}
