@echo off
rem m1's command line for Windows: builds once, and runs a command (examples\m1 --help). Needs a JDK 22 or newer in JAVA_HOME
rem or on the PATH, and for the build Maven on the PATH. It does not notice sources that changed: delete examples\target\lib
rem to build again. M1_JAVA_OPTS: more JVM options, for instance -Xmx8g.
setlocal
set "examples=%~dp0"
set "examples=%examples:~0,-1%"
set "java=java"
if defined JAVA_HOME set "java=%JAVA_HOME%\bin\java"

if not exist "%examples%\target\lib" (
    echo m1: building ^(once; the first time Maven also fetches what it needs^) 1>&2
    pushd "%examples%\.."
    call mvn -B -q -Dmaven.test.skip=true package -pl examples -am 1>&2
    if errorlevel 1 (
        popd
        rmdir /s /q "%examples%\target\lib" 2>nul
        echo m1: the build failed 1>&2
        exit /b 1
    )
    popd
)

"%java%" --add-modules=jdk.incubator.vector --enable-native-access=ALL-UNNAMED -Djava.awt.headless=true ^
    "-Dm1.examples=%examples%" %M1_JAVA_OPTS% -cp "%examples%\target\*;%examples%\target\lib\*" ^
    dev.m1.examples.cli.Main %*
exit /b %errorlevel%
