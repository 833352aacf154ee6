using System.Runtime.CompilerServices;
using ILGPU.Emulation;

namespace ILGPU;

/// <summary>The warp of the thread that runs. All its threads must come to each of these functions.</summary>
public static class Warp
{
    public static int WarpSize => GroupRun.Running.Accelerator.WarpSize;
    public static int LaneIdx => GroupRun.Running.ThreadIndex % WarpSize;
    public static bool IsFirstLane => LaneIdx == 0;
    public static bool IsLastLane => LaneIdx == WarpSize - 1;
    public static int WarpIdx => GroupRun.Running.ThreadIndex / WarpSize;

    public static int ComputeWarpIdx(Index1D groupThreadIdx) => groupThreadIdx.X / WarpSize;

    public static int ComputeWarpThreadIdx(Index1D groupThreadIdx) => groupThreadIdx.X % WarpSize;

    [Blocking(nameof(PostBarrier), nameof(TakeBarrier))]
    public static void Barrier([CallerLineNumber] int line = 0, [CallerFilePath] string file = "")
    {
        PostBarrier(line, file);
        Group.Wait();
    }

    [Blocking(nameof(PostShuffle), nameof(TakeShuffle))]
    public static T Shuffle<T>(
        T variable,
        int sourceLane,
        [CallerLineNumber] int line = 0,
        [CallerFilePath] string file = ""
    )
        where T : unmanaged
    {
        PostShuffle(variable, sourceLane, line, file);
        Group.Wait();
        return TakeShuffle<T>();
    }

    [Blocking(nameof(PostShuffleDown), nameof(TakeShuffle))]
    public static T ShuffleDown<T>(
        T variable,
        int delta,
        [CallerLineNumber] int line = 0,
        [CallerFilePath] string file = ""
    )
        where T : unmanaged
    {
        PostShuffleDown(variable, delta, line, file);
        Group.Wait();
        return TakeShuffle<T>();
    }

    [Blocking(nameof(PostShuffleUp), nameof(TakeShuffle))]
    public static T ShuffleUp<T>(
        T variable,
        int delta,
        [CallerLineNumber] int line = 0,
        [CallerFilePath] string file = ""
    )
        where T : unmanaged
    {
        PostShuffleUp(variable, delta, line, file);
        Group.Wait();
        return TakeShuffle<T>();
    }

    [Blocking(nameof(PostShuffleXor), nameof(TakeShuffle))]
    public static T ShuffleXor<T>(
        T variable,
        int mask,
        [CallerLineNumber] int line = 0,
        [CallerFilePath] string file = ""
    )
        where T : unmanaged
    {
        PostShuffleXor(variable, mask, line, file);
        Group.Wait();
        return TakeShuffle<T>();
    }

    [Blocking(nameof(PostBroadcast), nameof(TakeShuffle))]
    public static T Broadcast<T>(
        T value,
        int sourceLane,
        [CallerLineNumber] int line = 0,
        [CallerFilePath] string file = ""
    )
        where T : unmanaged
    {
        PostBroadcast(value, sourceLane, line, file);
        Group.Wait();
        return TakeShuffle<T>();
    }

    public static T Shuffle<T>(T variable, int sourceLane, int width)
        where T : unmanaged => Shuffle(variable, First(width) + sourceLane % width);

    public static T ShuffleDown<T>(T variable, int delta, int width)
        where T : unmanaged => Shuffle(variable, Within(width, LaneIdx % width + delta));

    public static T ShuffleUp<T>(T variable, int delta, int width)
        where T : unmanaged => Shuffle(variable, Within(width, LaneIdx % width - delta));

    public static T ShuffleXor<T>(T variable, int mask, int width)
        where T : unmanaged => Shuffle(variable, Within(width, LaneIdx % width ^ mask));

    internal static void PostBarrier(int line, string file)
    {
        var run = GroupRun.Running;
        run.Threads.Wait(run.ThreadIndex, RendezvousKind.WarpBarrier, new SourceLine(file, line));
    }

    internal static void TakeBarrier() { }

    internal static void PostShuffle<T>(T variable, int sourceLane, int line, string file)
        where T : unmanaged => Group.Post(RendezvousKind.WarpShuffle, variable, sourceLane, line, file);

    internal static void PostShuffleDown<T>(T variable, int delta, int line, string file)
        where T : unmanaged => PostShuffle(variable, LaneIdx + delta, line, file);

    internal static void PostShuffleUp<T>(T variable, int delta, int line, string file)
        where T : unmanaged => PostShuffle(variable, LaneIdx - delta, line, file);

    internal static void PostShuffleXor<T>(T variable, int mask, int line, string file)
        where T : unmanaged => PostShuffle(variable, LaneIdx ^ mask, line, file);

    internal static void PostBroadcast<T>(T value, int sourceLane, int line, string file)
        where T : unmanaged => Group.Post(RendezvousKind.WarpBroadcast, value, sourceLane, line, file);

    // A lane outside the warp gives a thread its own value back, as a shuffle of the device does.
    internal static T TakeShuffle<T>()
        where T : unmanaged
    {
        var run = GroupRun.Running;
        var first = run.ThreadIndex - LaneIdx;
        var lane = run.Exchange.Operand;
        var exists = lane >= 0 && lane < WarpSize && first + lane < run.GroupSize;
        return run.Exchange.Take<T>(RendezvousKind.WarpShuffle, exists ? first + lane : run.ThreadIndex);
    }

    private static int First(int width) => LaneIdx / width * width;

    private static int Within(int width, int lane) => lane >= 0 && lane < width ? First(width) + lane : LaneIdx;
}
