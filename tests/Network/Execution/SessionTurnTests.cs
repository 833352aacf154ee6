using ILGpuMobileNet.Network.Execution;
using ILGpuMobileNet.Reference;

namespace ILGpuMobileNet.Network.Tests.Execution;

/// <summary>Who may run a session, and when it ends.</summary>
public sealed class SessionTurnTests
{
    private readonly SessionTurn _turn = new(new(1, 1, 3), [new(1, 1, 2)], 1);

    [Fact]
    public async Task A_caller_who_runs_it_again_and_again_does_not_keep_it_from_ending()
    {
        Begin();
        var closing = Task.Run(_turn.Close);
        await Patience.UntilAsync(() => _turn.IsClosed);
        Assert.False(closing.IsCompleted);

        _turn.End();

        Assert.Throws<ObjectDisposedException>(Begin);
        Assert.True(await closing.WaitAsync(Patience.Limit));
    }

    [Fact]
    public void Ending_it_again_is_harmless()
    {
        Assert.True(_turn.Close());
        Assert.False(_turn.Close());
    }

    private void Begin() => _turn.Begin(this, 3, new(new float[2]), 1);
}
