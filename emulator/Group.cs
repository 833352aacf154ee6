using System.Runtime.CompilerServices;
using ILGPU.Emulation;

namespace ILGPU;

/// <summary>The group of the thread that runs: its extent, the thread's place in it, and its barriers.</summary>
public static class Group
{
    public static int IdxX => GroupRun.Running.Thread.X;
    public static int IdxY => GroupRun.Running.Thread.Y;
    public static int IdxZ => GroupRun.Running.Thread.Z;
    public static Index3D Index => GroupRun.Running.Thread;
    public static int DimX => GroupRun.Running.GroupDimension.X;
    public static int DimY => GroupRun.Running.GroupDimension.Y;
    public static int DimZ => GroupRun.Running.GroupDimension.Z;
    public static Index3D Dimension => GroupRun.Running.GroupDimension;
    public static int LinearIndex => GroupRun.Running.ThreadIndex;
    public static bool IsFirstThread => LinearIndex == 0;
    public static bool IsLastThread => LinearIndex == GroupRun.Running.GroupSize - 1;

    [Blocking(nameof(PostBarrier), nameof(TakeBarrier))]
    public static void Barrier([CallerLineNumber] int line = 0, [CallerFilePath] string file = "")
    {
        PostBarrier(line, file);
        Wait();
    }

    [Blocking(nameof(PostPopCount), nameof(TakePopCount))]
    public static int BarrierPopCount(
        bool predicate,
        [CallerLineNumber] int line = 0,
        [CallerFilePath] string file = ""
    )
    {
        PostPopCount(predicate, line, file);
        Wait();
        return TakePopCount();
    }

    [Blocking(nameof(PostAnd), nameof(TakeAnd))]
    public static bool BarrierAnd(bool predicate, [CallerLineNumber] int line = 0, [CallerFilePath] string file = "")
    {
        PostAnd(predicate, line, file);
        Wait();
        return TakeAnd();
    }

    [Blocking(nameof(PostOr), nameof(TakeOr))]
    public static bool BarrierOr(bool predicate, [CallerLineNumber] int line = 0, [CallerFilePath] string file = "")
    {
        PostOr(predicate, line, file);
        Wait();
        return TakeOr();
    }

    [Blocking(nameof(PostBroadcast), nameof(TakeBroadcast))]
    public static T Broadcast<T>(
        T value,
        int groupIndex,
        [CallerLineNumber] int line = 0,
        [CallerFilePath] string file = ""
    )
        where T : unmanaged
    {
        PostBroadcast(value, groupIndex, line, file);
        Wait();
        return TakeBroadcast<T>();
    }

    internal static void PostBarrier(int line, string file)
    {
        var run = GroupRun.Running;
        run.Threads.Wait(run.ThreadIndex, RendezvousKind.Barrier, new SourceLine(file, line));
    }

    internal static void TakeBarrier() { }

    internal static void PostPopCount(bool predicate, int line, string file) =>
        Post(RendezvousKind.BarrierPopCount, predicate, 0, line, file);

    internal static int TakePopCount() => CountTrue(RendezvousKind.BarrierPopCount);

    internal static void PostAnd(bool predicate, int line, string file) =>
        Post(RendezvousKind.BarrierAnd, predicate, 0, line, file);

    internal static bool TakeAnd() => CountTrue(RendezvousKind.BarrierAnd) == GroupRun.Running.GroupSize;

    internal static void PostOr(bool predicate, int line, string file) =>
        Post(RendezvousKind.BarrierOr, predicate, 0, line, file);

    internal static bool TakeOr() => CountTrue(RendezvousKind.BarrierOr) > 0;

    internal static void PostBroadcast<T>(T value, int groupIndex, int line, string file)
        where T : unmanaged => Post(RendezvousKind.Broadcast, value, groupIndex, line, file);

    internal static T TakeBroadcast<T>()
        where T : unmanaged
    {
        var exchange = GroupRun.Running.Exchange;
        return exchange.Take<T>(RendezvousKind.Broadcast, exchange.Operand);
    }

    internal static void Post<T>(RendezvousKind kind, T value, int operand, int line, string file)
        where T : unmanaged => GroupRun.Running.Exchange.Post(kind, value, operand, new SourceLine(file, line));

    internal static void Wait()
    {
        var run = GroupRun.Running;
        run.Switch!.Suspend(run);
    }

    private static int CountTrue(RendezvousKind kind)
    {
        var run = GroupRun.Running;
        var count = 0;
        for (var thread = 0; thread < run.GroupSize; thread++)
        {
            count += run.Exchange.Take<bool>(kind, thread) ? 1 : 0;
        }

        return count;
    }
}
