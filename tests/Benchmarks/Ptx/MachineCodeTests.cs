using ILGpuMobileNet.Benchmarks.Ptx;

namespace ILGpuMobileNet.Benchmarks.Tests.Ptx;

public sealed class MachineCodeTests
{
    private const string Loop = """
            code for sm_90
                Function : k
            .headerflags	@"EF_CUDA_TEXMODE_UNIFIED EF_CUDA_64BIT_ADDRESS EF_CUDA_SM90 EF_CUDA_VIRTUAL_SM(EF_CUDA_SM80)"
                /*0000*/                   LDC R1, c[0x0][0x28] ;                    /* 0x00000a00ff017b82 */
                                                                                     /* 0x000e240000000800 */
                /*0010*/                   HFMA2.MMA R5, -RZ, RZ, 0, 0 ;             /* 0x00000000ff057435 */
                                                                                     /* 0x000fe200000001ff */
                /*0020*/               @P0 BRA 0x80 ;                                /* 0x00000018000c0947 */
                /*0030*/                   LDG.E R2, desc[UR6][R2.64] ;              /* 0x0000000602027981 */
                /*0040*/                   FFMA R5, R2, R5, R2 ;                     /* 0x0000000502057223 */
                /*0050*/                   FFMA.FTZ R5, R2, R5, R2 ;                 /* 0x0000000502057223 */
                                                                                     /* 0x000fce0000000002 */
                /*0060*/              @!P0 BRA 0x30 ;                                /* 0xfffffffc00d88947 */
                /*0070*/                   BRA.U UP0, 0x10 ;                         /* 0xfffffffc00d88947 */
                /*0080*/                   STG.E desc[UR6][R2.64], R5 ;              /* 0x0000000502007986 */
                /*0090*/                   EXIT ;                                    /* 0x000000000000794d */
                /*00a0*/                   BRA 0xa0;                                 /* 0xfffffffc00fc7947 */
                                                                                     /* 0x000fc0000383ffff */
                /*00b0*/                   NOP;                                      /* 0x0000000000007918 */
        """;

    [Fact]
    public void Finds_the_loop_that_multiplies_and_adds_most() =>
        Assert.Equal(new LoopCode(2, 4), new MachineCode(Loop).InnerLoop);

    [Fact]
    public void Counts_no_filling() => Assert.Equal(11, new MachineCode(Loop).InstructionCount);

    [Fact]
    public void Has_no_inner_loop_where_none_multiplies_and_adds() =>
        Assert.Null(new MachineCode(Loop.Replace("FFMA", "FADD", StringComparison.Ordinal)).InnerLoop);

    [Fact]
    public void Refuses_text_without_instructions() => Assert.Throws<FormatException>(() => new MachineCode("code"));
}
